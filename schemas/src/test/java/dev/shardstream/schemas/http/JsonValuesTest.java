package dev.shardstream.schemas.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonValuesTest {
  @Test
  void values_cross_json_with_their_type_and_every_bit() throws JsonProcessingException {
    List<@Nullable Object> row =
        Arrays.asList(
            null,
            Long.MAX_VALUE,
            1.0,
            -0.0,
            0.1,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE,
            "{\"b\":\"x\"}",
            "");
    String json = Json.write(JsonValues.encode(row));
    List<@Nullable Object> back =
        Arrays.asList(Json.mapper().readTree(json).valueStream().map(JsonValues::decode).toArray());
    assertThat(back).isEqualTo(row);
    assertThat(json)
        .isEqualTo(
            "[null,9223372036854775807,1.0,-0.0,0.1,{\"r\":\"-Infinity\"},4.9E-324,"
                + "\"{\\\"b\\\":\\\"x\\\"}\",\"\"]");
  }

  @Test
  void a_blob_crosses_as_base64() throws JsonProcessingException {
    String json = Json.write(JsonValues.encode(Arrays.<Object>asList(new byte[] {0, -1})));
    assertThat(json).isEqualTo("[{\"b\":\"AP8=\"}]");
    assertThat((byte[]) JsonValues.decode(Json.mapper().readTree(json).get(0)))
        .containsExactly(0, -1);
  }
}
