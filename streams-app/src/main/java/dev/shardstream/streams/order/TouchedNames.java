package dev.shardstream.streams.order;

import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.CommentOnIndex;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.RenameTable;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The names that an operation gives, takes or looks at: commands that share one keep their order.
 *
 * <p>An operation on an index does not name its table, a DROP TABLE does not name the indexes and
 * edge tables that it meets. These follow from the commands that made them, whether or not they
 * succeeded: too many names cost a wait, a missing one would make the outcome a matter of timing.
 * Only commands up to the operation's rank count, so that the names too follow from the log.
 */
final class TouchedNames {
  private static final String TABLE = "table ";
  private static final String INDEX = "index ";

  private final Links indexTables = new Links();
  private final Links tableIndexes = new Links();
  private final Links renamedTo = new Links();
  private final Links renamedFrom = new Links();
  private final Links edgeTables = new Links();

  /** Takes in a command of the log; twice is once. */
  void learn(Object operation, long sequence) {
    if (operation instanceof CreateIndex create) {
      indexTables.add(index(create.getIndex()), table(create.getTable()), sequence);
      tableIndexes.add(table(create.getTable()), index(create.getIndex()), sequence);
    } else if (operation instanceof AlterTable alter
        && alter.getChange() instanceof RenameTable rename) {
      renamedTo.add(table(alter.getTable()), table(rename.getNewName()), sequence);
      renamedFrom.add(table(rename.getNewName()), table(alter.getTable()), sequence);
    } else if (operation instanceof CreateTable create) {
      endpoints(create).forEach(node -> edgeTables.add(node, table(create.getTable()), sequence));
    }
  }

  /** Like {@code table orders} and {@code index by_day}, in lower case. */
  Set<String> of(Object operation, long rank) {
    Set<String> names = new LinkedHashSet<>();
    Operations.table(operation).ifPresent(table -> names.add(table(table)));
    if (operation instanceof CreateTable create) {
      names.addAll(endpoints(create));
    } else if (operation instanceof AlterTable alter) {
      names.addAll(ofChange(alter, rank));
    } else if (operation instanceof DropTable drop) {
      names.addAll(ofDrop(table(drop.getTable()), rank));
    } else if (operation instanceof CreateIndex create) {
      names.add(index(create.getIndex()));
    } else if (operation instanceof DropIndex drop) {
      names.addAll(ofIndex(index(drop.getIndex()), rank));
    } else if (operation instanceof CommentOnIndex comment) {
      names.addAll(ofIndex(index(comment.getIndex()), rank));
    }
    return names;
  }

  private static List<String> endpoints(CreateTable create) {
    Set<String> nodes = new LinkedHashSet<>();
    if (create.getFrom() != null) {
      nodes.add(table(create.getFrom()));
    }
    if (create.getTo() != null) {
      nodes.add(table(create.getTo()));
    }
    return List.copyOf(nodes);
  }

  private Collection<String> ofChange(AlterTable alter, long rank) {
    if (alter.getChange() instanceof RenameTable rename) {
      return List.of(table(rename.getNewName()));
    }
    boolean dropsIndexes = alter.getChange() instanceof DropColumn drop && drop.getCascade();
    return dropsIndexes ? indexes(List.of(table(alter.getTable())), rank) : List.of();
  }

  private Set<String> ofDrop(String table, long rank) {
    Set<String> edges = edgeTables.step(renamedFrom.reach(List.of(table), rank), rank);
    Set<String> names = renamedTo.reach(edges, rank);
    names.addAll(indexes(List.of(table), rank));
    names.addAll(indexes(edges, rank));
    return names;
  }

  private Set<String> indexes(Collection<String> tables, long rank) {
    return tableIndexes.step(renamedFrom.reach(tables, rank), rank);
  }

  private Set<String> ofIndex(String index, long rank) {
    Set<String> names = new LinkedHashSet<>(List.of(index));
    names.addAll(renamedTo.reach(indexTables.step(names, rank), rank));
    return names;
  }

  private static String table(String name) {
    return TABLE + name.toLowerCase(Locale.ROOT);
  }

  private static String index(String name) {
    return INDEX + name.toLowerCase(Locale.ROOT);
  }

  /** What two commands that share a name have in common, for people: {@code on the same table}. */
  static String shared(String name) {
    return name.startsWith(INDEX) ? "on the same index" : "on the same table";
  }
}
