package dev.shardstream.producer.gateway;

import dev.shardstream.schemas.metrics.Metric;
import java.util.List;

/** Everything that a gateway measures of its own. */
public enum GatewayMetric implements Metric {
  READY(Type.GAUGE, "shardstream_gateway_ready", "0 or 1", "Whether `/readyz` says yes."),
  RUNNING(
      Type.GAUGE,
      "shardstream_gateway_statements_running",
      "statements",
      "Statements that are being executed, or whose answers are being sent."),
  REQUESTS_REFUSED(
      Type.COUNTER,
      "shardstream_gateway_requests_refused_total",
      "requests",
      "HTTP requests that were answered by an error, by its code.",
      "code"),
  STATEMENT_SECONDS(
      Type.TIMER,
      "shardstream_gateway_statement_seconds",
      "seconds",
      "Time of a statement until its answer is sent, by its kind (`read`, `write`, `ddl`, `admin`;"
          + " `none` for what is no statement) and outcome: `OK`, or the error code.",
      "kind",
      "outcome");

  private final Definition definition;

  GatewayMetric(Type type, String name, String unit, String meaning, String... labels) {
    definition = new Definition(type, name, unit, meaning, List.of(labels));
  }

  @Override
  public Definition definition() {
    return definition;
  }
}
