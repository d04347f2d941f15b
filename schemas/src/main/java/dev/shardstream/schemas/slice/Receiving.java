package dev.shardstream.schemas.slice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, on its way into a file. The JDK's own handler for files does not serve:
 * its threads may make the file after who waits was interrupted and has deleted it, and its time
 * limit ends with the headers, so that a node that freezes later would be waited for without an
 * end.
 */
final class Receiving implements AutoCloseable {
  private final FileChannel file;
  private volatile long bytes;
  private volatile @Nullable IOException failure;

  private Receiving(FileChannel file) {
    this.file = file;
  }

  /** Makes the file, or makes it empty. */
  static Receiving into(Path file) throws IOException {
    return new Receiving(
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE));
  }

  /**
   * Asks, and waits for the end of the answer.
   *
   * @param limit how long nothing may come
   * @throws IOException when nothing came for as long, the answer broke off, or the file takes no
   *     more
   */
  HttpResponse<Void> whole(HttpClient http, HttpRequest request, Duration limit)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Void>> answer =
        http.sendAsync(
            request,
            HttpResponse.BodyHandlers.ofByteArrayConsumer(piece -> piece.ifPresent(this::take)));
    try {
      while (true) {
        long before = bytes;
        try {
          return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException silence) {
          if (bytes == before) {
            throw new IOException("nothing more came within " + limit.toMillis() + " ms", silence);
          }
        }
      }
    } catch (ExecutionException e) {
      throw reason(e);
    } finally {
      answer.cancel(true);
    }
  }

  private void take(byte[] piece) {
    try {
      ByteBuffer left = ByteBuffer.wrap(piece);
      while (left.hasRemaining()) {
        file.write(left);
      }
      bytes += piece.length;
    } catch (IOException e) {
      failure = e;
      throw new UncheckedIOException(e);
    }
  }

  /** The file's own failure rather than what the JDK makes of it. */
  private IOException reason(ExecutionException e) {
    IOException ofFile = failure;
    if (ofFile != null) {
      return ofFile;
    }
    return e.getCause() instanceof IOException known
        ? known
        : new IOException(String.valueOf(e.getCause()), e);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
