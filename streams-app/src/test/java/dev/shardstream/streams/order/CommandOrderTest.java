package dev.shardstream.streams.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.CommentOnIndex;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.RenameTable;
import dev.shardstream.schemas.event.SetBlockSize;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.coordinator.Commands;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CommandOrderTest {
  private record Sent(DdlCommand command, CommandProgress progress) {}

  private final Map<String, Sent> sent = new HashMap<>();
  private final CommandOrder order = new CommandOrder(sent::containsKey);

  @BeforeAll
  static void trustEvents() {
    Events.trust(Table.class);
    Events.trust(CommandProgress.class);
  }

  private static CreateTable edge(String name, String from, String to) {
    return Commands.table(name, 1).setType(TableType.EDGE).setFrom(from).setTo(to).build();
  }

  private static AlterTable alter(String table, Object change) {
    return new AlterTable(table, false, change);
  }

  private static AlterTable rename(String table, String to) {
    return alter(table, new RenameTable(to));
  }

  private static AlterTable resize(String table) {
    return alter(table, new SetBlockSize(7));
  }

  private static CreateIndex createIndex(String table, String index) {
    return CreateIndex.newBuilder()
        .setTable(table)
        .setIndex(index)
        .setColumns(List.of("note"))
        .build();
  }

  private static DropTable dropTable(String table) {
    return new DropTable(table, false, false, null);
  }

  private static DropIndex dropIndex(String index) {
    return new DropIndex(index, false);
  }

  /** Commands in the order of the log, and the one that the last of them waits for. */
  static Stream<Arguments> waits() {
    AlterTable dropColumn = alter("t", new DropColumn("note", false, true));
    return Stream.of(
        Arguments.of("another table", List.of(resize("t"), resize("u")), ""),
        Arguments.of("one table", List.of(resize("t"), resize("T")), "1 table"),
        Arguments.of("the name it takes", List.of(resize("u"), rename("t", "u")), "1 table"),
        Arguments.of("the name it gives up", List.of(rename("t", "u"), resize("t")), "1 table"),
        Arguments.of("its node", List.of(dropTable("a"), edge("e", "a", "b")), "1 table"),
        Arguments.of("its edge", List.of(edge("e", "a", "b"), dropTable("b")), "1 table"),
        Arguments.of(
            "its edge under another name",
            List.of(edge("e", "a", "b"), rename("e", "f"), resize("f"), dropTable("a")),
            "3 table"),
        Arguments.of(
            "one index name on two tables",
            List.of(createIndex("t", "i"), createIndex("u", "I")),
            "1 index"),
        Arguments.of(
            "the table of its index",
            List.of(createIndex("t", "i"), resize("t"), dropIndex("i")),
            "2 table"),
        Arguments.of(
            "a change of the table after a comment on its index",
            List.of(createIndex("t", "i"), new CommentOnIndex("i", "x"), resize("t")),
            "2 table"),
        Arguments.of(
            "the renamed table of its index",
            List.of(createIndex("t", "i"), rename("t", "u"), resize("u"), dropIndex("i")),
            "3 table"),
        Arguments.of(
            "an index name that goes with its table",
            List.of(createIndex("t", "i"), dropTable("t"), createIndex("u", "i")),
            "2 index"),
        Arguments.of(
            "an index name that goes with its column",
            List.of(createIndex("t", "i"), dropColumn, createIndex("u", "i")),
            "2 index"),
        Arguments.of(
            "a drop of all", List.of(resize("t"), new DropNamespace(false)), "1 namespace"),
        Arguments.of(
            "anything after a drop of all",
            List.of(new DropNamespace(false), resize("t")),
            "1 namespace"),
        Arguments.of(
            "a creation of the namespace", List.of(resize("t"), new CreateNamespace(true)), ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waits")
  void a_command_waits_for_those_before_it_on_the_same_names(
      String what, List<Object> operations, String expected) {
    operations.forEach(this::send);

    assertThat(before(operations.size())).isEqualTo(expected);
  }

  private void send(Object operation) {
    int sequence = sent.size() + 1;
    DdlCommand command = Commands.of("" + sequence, operation);
    CommandProgress progress =
        CommandProgress.newBuilder()
            .setCommandId(command.getId())
            .setSequence(sequence)
            .setNumber(0)
            .setAt(0)
            .setReceivedAt(0)
            .setStage(CommandStage.WAITING)
            .setRank(sequence)
            .build();
    sent.put(command.getId(), new Sent(command, progress));
    order.put(command, progress, false);
  }

  private String before(int sequence) {
    return text(order.predecessor("" + sequence));
  }

  private static String text(Optional<CommandOrder.Predecessor> before) {
    return before.map(p -> p.id() + p.where().replaceAll(".*same", "")).orElse("");
  }

  private void put(int sequence, CommandStage stage, boolean accepted) {
    Sent it = sent.get("" + sequence);
    order.put(
        it.command(), CommandProgress.newBuilder(it.progress()).setStage(stage).build(), accepted);
  }

  private List<String> looks() {
    List<String> looks = new ArrayList<>();
    for (Optional<String> next = order.nextToLookAt();
        next.isPresent();
        next = order.nextToLookAt()) {
      looks.add(next.get());
    }
    return looks;
  }

  @Test
  void only_what_waits_directly_behind_a_command_is_looked_at_when_it_is_settled() {
    send(resize("t"));
    send(resize("u"));
    send(resize("t"));
    send(resize("t"));
    assertThat(looks()).containsExactly("1", "2", "3", "4");

    put(1, CommandStage.RUNNING, false);
    assertThat(looks()).isEmpty();
    put(1, CommandStage.RUNNING, true);
    assertThat(looks()).containsExactly("3");
    put(1, CommandStage.FINISHED, false);
    assertThat(looks()).isEmpty();
  }

  @Test
  void a_table_in_creation_is_settled_when_it_is_there() {
    send(Commands.table("t", 1).build());
    send(resize("t"));
    looks();

    put(1, CommandStage.RUNNING, true);
    assertThat(looks()).isEmpty();
    put(1, CommandStage.FINISHED, false);
    assertThat(looks()).containsExactly("2");
  }

  @Test
  void the_order_is_the_same_in_whatever_order_it_is_loaded() {
    waits().forEach(a -> ((List<?>) a.get()[1]).forEach(this::send));
    List<String> expected = allPredecessors(order);

    CommandOrder loaded = new CommandOrder(sent::containsKey);
    List<Sent> shuffled = new ArrayList<>(sent.values());
    Collections.shuffle(shuffled, new Random(5));
    shuffled.forEach(s -> loaded.put(s.command(), s.progress(), false));

    assertThat(allPredecessors(loaded)).isEqualTo(expected);
  }

  private List<String> allPredecessors(CommandOrder which) {
    List<String> all = new ArrayList<>();
    for (int i = 1; i <= sent.size(); i++) {
      all.add(text(which.predecessor("" + i)));
    }
    return all;
  }
}
