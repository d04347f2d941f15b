package dev.shardstream.worker.shard;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a failure says about a shard file and its disk (https://sqlite.org/rescode.html). */
public final class FileFailure {
  /** Extended result codes of SQLite have the primary one in their low byte. */
  private static final int PRIMARY = 0xff;

  /** With less than this no file can grow, whatever the error said. */
  private static final long NO_SPACE = 64 * 1024;

  private FileFailure() {}

  /** Whether SQLite has found that the file is none of its, or damaged. */
  public static boolean isBroken(Throwable failure) {
    int code = code(failure) & PRIMARY;
    return code == SQLiteErrorCode.SQLITE_NOTADB.code
        || code == SQLiteErrorCode.SQLITE_CORRUPT.code
            // That is about what a virtual table of a statement read, not about a page.
            && code(failure) != SQLiteErrorCode.SQLITE_CORRUPT_VTAB.code;
  }

  /** Whether the disk that holds the file had no room. */
  public static boolean isDiskFull(Path file, Throwable failure) {
    int code = code(failure) & PRIMARY;
    if (code == SQLiteErrorCode.SQLITE_FULL.code) {
      return true;
    }
    boolean isOfFiles =
        code == SQLiteErrorCode.SQLITE_IOERR.code
            || code == SQLiteErrorCode.SQLITE_CANTOPEN.code
            || failure instanceof IOException;
    return isOfFiles && isFull(file);
  }

  /** Whether somebody has stopped the statement, see {@link ShardFile#stopBuilding()}. */
  public static boolean isInterrupted(Throwable failure) {
    return (code(failure) & PRIMARY) == SQLiteErrorCode.SQLITE_INTERRUPT.code;
  }

  private static int code(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof SQLiteException known) {
        return known.getResultCode().code;
      }
    }
    return 0;
  }

  private static boolean isFull(Path file) {
    try {
      Path there = Files.exists(file) ? file : file.toAbsolutePath().getParent();
      return Files.getFileStore(there).getUsableSpace() < NO_SPACE;
    } catch (IOException unknown) {
      return false;
    }
  }

  /**
   * The failure in words that tell an operator what to do: DISK_FULL, or FILE_ERROR for a broken
   * file; any other failure as it is.
   *
   * @param file that was worked with
   */
  public static Exception explained(Path file, Exception failure) {
    if (failure instanceof ShardstreamException) {
      return failure;
    }
    if (isDiskFull(file, failure)) {
      return new ShardstreamException(ErrorCode.DISK_FULL, file).causedBy(failure);
    }
    return isBroken(failure) ? broken(file, failure) : failure;
  }

  /** A broken file in words. */
  public static ShardstreamException broken(Path file, Exception failure) {
    return new ShardstreamException(
            ErrorCode.FILE_ERROR,
            file,
            "the file is broken ("
                + reason(failure)
                + "). Restart this node: it sets the file aside and makes the shard anew from its"
                + " log")
        .causedBy(failure);
  }

  private static String reason(Exception failure) {
    return failure instanceof SQLException
        ? String.valueOf(failure.getMessage())
        : failure.toString();
  }
}
