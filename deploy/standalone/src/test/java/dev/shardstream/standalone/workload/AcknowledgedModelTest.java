package dev.shardstream.standalone.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.standalone.workload.AcknowledgedModel.Differences;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AcknowledgedModelTest {
  private final AcknowledgedModel model = new AcknowledgedModel();

  @BeforeEach
  void two_rows_were_acknowledged() {
    model.put(1, List.of(1L, "a", 1.0));
    model.put(2, List.of(2L, "b", 2.0));
  }

  @Test
  void a_table_that_is_the_model_has_no_differences() {
    assertThat(model.compare(List.of(List.of(2L, "b", 2.0), List.of(1L, "a", 1.0))))
        .isEqualTo(new Differences(2, 0, 0, 0, List.of()));
  }

  @Test
  void a_missing_row_is_lost() {
    assertThat(model.compare(List.of(List.of(1L, "a", 1.0))))
        .isEqualTo(
            new Differences(1, 1, 0, 0, List.of("lost key=2 expected=[2, b, 2.0] actual=null")));
  }

  @Test
  void a_row_seen_again_is_duplicated() {
    assertThat(
            model.compare(
                List.of(List.of(1L, "a", 1.0), List.of(2L, "b", 2.0), List.of(1L, "a", 1.0))))
        .isEqualTo(
            new Differences(
                2, 0, 1, 0, List.of("duplicated key=1 expected=[1, a, 1.0] actual=[1, a, 1.0]")));
  }

  @Test
  void another_value_another_type_and_another_row_are_differing() {
    Differences found =
        model.compare(
            List.of(List.of(1L, "a", 1L), Arrays.asList(2L, null, 2.0), List.of(3L, "c", 3.0)));
    assertThat(found)
        .isEqualTo(
            new Differences(
                3,
                0,
                0,
                3,
                List.of(
                    "differing key=1 expected=[1, a, 1.0] actual=[1, a, 1]",
                    "differing key=2 expected=[2, b, 2.0] actual=[2, null, 2.0]",
                    "unexpected key=3 expected=null actual=[3, c, 3.0]")));
  }
}
