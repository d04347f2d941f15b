package dev.shardstream.schemas.serving;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What is refused before a route has it, like a URL that cannot be read: in the same form as every
 * other error.
 */
final class ServerErrors extends ErrorHandler {
  private static final String JSON = "application/json";

  private final Refusals refusals;

  ServerErrors(Refusals refusals) {
    this.refusals = refusals;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int status,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
    // Jetty closes the connection after what it cannot read: who would use it again has to know.
    response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
    Content.Sink.write(response, true, body(status, message), callback);
  }

  private String body(int status, @Nullable String message) {
    String reason = message == null ? HttpStatus.getMessage(status) : message;
    ErrorBody body =
        ErrorBody.of(
            new ShardstreamException(
                status < HttpStatus.INTERNAL_SERVER_ERROR_500
                    ? ErrorCode.INVALID_ARGUMENT
                    : ErrorCode.INTERNAL,
                reason));
    refusals.count(body.code());
    return Json.write(body);
  }
}
