package dev.shardstream.schemas.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** The settings of every process that serves HTTP: where, who may call it, and how much. */
public final class HttpServerKeys {
  public static final String HOST = "http.host";
  public static final String PORT = "http.port";
  public static final String AUTH = "http.auth";
  public static final String PRINCIPALS = "http.auth.principals.file";
  public static final String TLS_CLIENT_AUTH = "http.tls.client.auth";
  public static final String OPEN_METRICS = "http.metrics.open";
  public static final String CONNECTIONS = "http.connections.max";
  public static final String REQUEST_BYTES = "http.request.max.bytes";
  public static final String REQUESTS_PER_SECOND = "http.requests.per.second";

  public static final String AUTH_AUTO = "auto";
  public static final String AUTH_NONE = "none";
  public static final String AUTH_REQUIRED = "required";

  public static final int DEFAULT_CONNECTIONS = 1_000;
  public static final int DEFAULT_REQUEST_BYTES = 16 * 1024 * 1024;

  private HttpServerKeys() {}

  /** Adds the keys to a definition; returns it. */
  public static ConfigDef define(ConfigDef keys) {
    return keys.define(
            HOST,
            Type.STRING,
            "127.0.0.1",
            Importance.HIGH,
            "Address that the HTTP server binds to; 0.0.0.0 for all.")
        .define(
            PORT,
            Type.INT,
            0,
            Range.between(0, 65_535),
            Importance.HIGH,
            "Port of the HTTP server; 0 for a free one.")
        .define(
            AUTH,
            Type.STRING,
            AUTH_AUTO,
            ValidString.in(AUTH_AUTO, AUTH_NONE, AUTH_REQUIRED),
            Importance.HIGH,
            "Whether callers over HTTP have to say who they are. auto: as soon as"
                + " http.auth.principals.file is set, and a process that binds to more than the"
                + " loopback address does not start without it. none: nobody has to, on any"
                + " address. required: everybody.")
        .define(
            PRINCIPALS,
            Type.STRING,
            "",
            Importance.HIGH,
            "File of those who may call, a line each: NAME ROLE sha256:DIGEST-OF-TOKEN or NAME ROLE"
                + " certificate:SUBJECT. Read again when it changes.")
        .define(
            TLS_CLIENT_AUTH,
            Type.STRING,
            "none",
            ValidString.in("none", "want", "required"),
            Importance.MEDIUM,
            "Whether callers show a certificate, which has to be signed by one in"
                + " http.tls.truststore.file: none, want or required. Required counts for probes and"
                + " metrics too.")
        .define(
            OPEN_METRICS,
            Type.BOOLEAN,
            false,
            Importance.LOW,
            "Whether /metrics is for anyone; otherwise it needs role READ, if there are roles.")
        .define(
            CONNECTIONS,
            Type.INT,
            DEFAULT_CONNECTIONS,
            Range.atLeast(1),
            Importance.LOW,
            "Most HTTP connections at the same time; more of them wait.")
        .define(
            REQUEST_BYTES,
            Type.INT,
            DEFAULT_REQUEST_BYTES,
            Range.atLeast(1024),
            Importance.LOW,
            "Most bytes of the body of a request.")
        .define(
            REQUESTS_PER_SECOND,
            Type.INT,
            0,
            Range.atLeast(0),
            Importance.LOW,
            "Requests that a principal may make per second, all connections together; slices for"
                + " other nodes do not count. 0 for no limit.");
  }
}
