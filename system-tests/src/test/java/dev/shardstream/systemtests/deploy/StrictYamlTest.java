package dev.shardstream.systemtests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mistakes that are to be found are found. */
class StrictYamlTest {
  private static final String STATEFUL_SET =
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata:
        name: a
      spec:
        replicas: 2
        template:
          spec:
            containers:
              - name: a
                env:
                  - name: PORT
                    value: "8080"
      """;

  private static final String USER =
      """
      apiVersion: kafka.strimzi.io/v1
      kind: KafkaUser
      metadata:
        name: a
      spec:
        authentication:
          type: scram-sha-512
      """;

  @Test
  void what_is_right_is_read() {
    assertThat(Rendered.of("test", STATEFUL_SET + "---\n" + USER).resources())
        .extracting(resource -> resource.getKind())
        .isEqualTo(List.of("StatefulSet", "KafkaUser"));
  }

  @ParameterizedTest
  @CsvSource({
    "replicas: 2, replica: 2",
    "containers:, container:",
    "name: PORT, nam: PORT",
    "replicas: 2, replicas: many",
    "value: \"8080\", value: 8080",
    "metadata:, metadatas:",
  })
  void a_field_that_does_not_exist_or_has_a_wrong_value_is_found(String right, String wrong) {
    assertThatThrownBy(() -> Rendered.of("test", STATEFUL_SET.replace(right, wrong)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_field_that_strimzi_does_not_have_is_found() {
    assertThatThrownBy(() -> Rendered.of("test", USER.replace("type:", "kind:")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_field_that_is_there_twice_is_found() {
    assertThatThrownBy(() -> Rendered.of("test", STATEFUL_SET + "  replicas: 3\n"))
        .hasMessageContaining("Duplicate field 'replicas'");
  }

  @Test
  void a_kind_that_no_model_has_is_found() {
    assertThatThrownBy(() -> Rendered.of("test", USER.replace("KafkaUser", "KafkaUsr")))
        .hasMessage("no model says what a kafka.strimzi.io/v1/KafkaUsr may have");
  }
}
