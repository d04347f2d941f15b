package dev.shardstream.streams.command;

import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.event.AlterTable;
import dev.shardstream.schemas.event.CommentOnIndex;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.RenameTable;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** The names that an operation gives, takes or looks at: commands on one name keep their order. */
final class TouchedNames {
  private TouchedNames() {}

  /** Like {@code table orders} and {@code index by_day}, in lower case. */
  static Set<String> of(Object operation) {
    Set<String> names = new LinkedHashSet<>();
    Operations.table(operation).ifPresent(table -> names.add(table(table)));
    if (operation instanceof CreateTable create) {
      if (create.getFrom() != null) {
        names.add(table(create.getFrom()));
      }
      if (create.getTo() != null) {
        names.add(table(create.getTo()));
      }
    } else if (operation instanceof AlterTable alter
        && alter.getChange() instanceof RenameTable rename) {
      names.add(table(rename.getNewName()));
    } else if (operation instanceof CreateIndex create) {
      names.add(index(create.getIndex()));
    } else if (operation instanceof DropIndex drop) {
      names.add(index(drop.getIndex()));
    } else if (operation instanceof CommentOnIndex comment) {
      names.add(index(comment.getIndex()));
    }
    return names;
  }

  private static String table(String name) {
    return "table " + name.toLowerCase(Locale.ROOT);
  }

  private static String index(String name) {
    return "index " + name.toLowerCase(Locale.ROOT);
  }
}
