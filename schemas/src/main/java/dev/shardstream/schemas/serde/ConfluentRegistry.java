package dev.shardstream.schemas.serde;

import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.ParsedSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.SchemaProvider;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry through Confluent's client. The client comes repackaged (docs/decisions/0002): a
 * build with the original artifact changes the imports of this file and nothing else.
 *
 * <p>A request that finds no registry, or somebody else in its place, is repeated until {@code
 * patience} has passed.
 */
public final class ConfluentRegistry implements Registry {
  private static final Logger LOG = LoggerFactory.getLogger(ConfluentRegistry.class);

  /**
   * For each subject the client sets memory aside for so many (measured: 50 KB for 10,000). Serdes
   * and {@link #byId} remember what they have asked, so it has little to remember itself.
   */
  private static final int CACHED_SCHEMAS = 64;

  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  /** A URL may name a user and a password, which belong into no message. */
  private static final Pattern USER = Pattern.compile("//[^/@]*@");

  private final String url;
  private final Duration patience;
  private final SchemaRegistryClient client;
  private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();

  private ConfluentRegistry(String url, Duration patience, SchemaRegistryClient client) {
    this.url = url;
    this.patience = patience;
    this.client = client;
  }

  /**
   * @param url like {@code http://registry:8081} or, for unit tests, {@code mock://scope}
   * @param patience how long one request may look for a registry that does not answer
   */
  public static ConfluentRegistry connect(String url, Duration patience) {
    return connect(url, patience, Map.of());
  }

  /** The registry of a cluster, with the settings under {@code registry.}. */
  public static ConfluentRegistry connect(ClusterConfig config) {
    return connect(config.registryUrl(), config.connectTimeout(), config.registryOverrides());
  }

  private static ConfluentRegistry connect(
      String url, Duration patience, Map<String, Object> overrides) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("http.connect.timeout.ms", 3000);
    settings.put("http.read.timeout.ms", 10000);
    settings.putAll(overrides);
    return new ConfluentRegistry(
        USER.matcher(url).replaceFirst("//"),
        patience,
        SchemaRegistryClientFactory.newClient(
            List.of(url),
            CACHED_SCHEMAS,
            List.of(
                new AvroSchemaProvider(), new OtherLanguage("JSON"), new OtherLanguage("PROTOBUF")),
            settings,
            Map.of()));
  }

  @Override
  public int register(String subject, Schema schema) {
    AvroSchema wanted = new AvroSchema(schema.toString());
    return patiently(
        "register " + subject,
        () -> {
          try {
            return client.register(subject, wanted);
          } catch (RestClientException conflict) {
            if (conflict.getStatus() != CONFLICT) {
              throw conflict;
            }
            // Either it is incompatible, and is so again; or another process made the subject at
            // the same moment, and now it is there.
            return client.register(subject, wanted);
          }
        });
  }

  @Override
  public Optional<Schema> byId(int id) {
    Schema known = byId.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    if (id < 0) {
      // No registry gives such ids, and what each answers to them is its own.
      return Optional.empty();
    }
    Optional<Schema> found =
        patiently(
            "get schema " + id,
            () -> {
              try {
                return Optional.of(avro(client.getSchemaById(id)));
              } catch (RestClientException refused) {
                if (isMissing(refused)) {
                  return Optional.empty();
                }
                throw refused;
              }
            });
    found.ifPresent(schema -> byId.put(id, schema));
    return found;
  }

  /** What Avro of this release cannot read, no record of ours was written with. */
  private static Schema avro(ParsedSchema parsed) {
    try {
      return new Schema.Parser().parse(parsed.canonicalString());
    } catch (AvroRuntimeException unreadable) {
      return Schema.create(Schema.Type.NULL);
    }
  }

  @Override
  public void requireBackwardCompatibility(String subject) {
    patiently("configure " + subject, () -> client.updateCompatibility(subject, "BACKWARD"));
  }

  @Override
  public void deleteSubject(String subject) {
    patiently(
        "delete " + subject,
        () -> {
          try {
            return client.deleteSubject(subject);
          } catch (RestClientException refused) {
            if (isMissing(refused)) {
              return List.of();
            }
            throw refused;
          }
        });
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      LOG.warn("registry.close.failed url={}", url, e);
    }
  }

  /**
   * Whether the registry itself says that it has no such thing: 40403 for a schema; 40401, for a
   * subject, is what Apicurio says of an id in its legacy mode. Any other 404 is from somebody who
   * stands in its place, like an ingress that has no registry behind it at the moment, and to
   * believe it would lose what was written with that schema.
   */
  private static boolean isMissing(RestClientException refused) {
    return refused.getStatus() == NOT_FOUND && refused.getErrorCode() / 100 == NOT_FOUND;
  }

  /** Whether the registry itself refuses, so that to ask again would change nothing. */
  private static boolean isRefusal(RestClientException refused) {
    return refused.getStatus() < 500 && (refused.getStatus() != NOT_FOUND || isMissing(refused));
  }

  private interface Request<T> {
    T send() throws IOException, RestClientException;
  }

  private <T> T patiently(String what, Request<T> request) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Exception failure;
      try {
        return request.send();
      } catch (RestClientException refused) {
        if (isRefusal(refused)) {
          throw new ShardstreamException(
                  ErrorCode.INVALID_ARGUMENT,
                  "the schema registry at "
                      + url
                      + " refused to "
                      + what
                      + ": "
                      + refused.getMessage())
              .causedBy(refused);
        }
        failure = refused;
      } catch (IOException unreachable) {
        failure = unreachable;
      }
      if (System.nanoTime() >= deadline) {
        throw unreachable(failure);
      }
      pause(failure);
    }
  }

  private void pause(Exception failure) {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(failure);
    }
  }

  private ShardstreamException unreachable(Exception failure) {
    return new ShardstreamException(ErrorCode.REGISTRY_UNREACHABLE, url, patience.toSeconds())
        .causedBy(failure);
  }

  /**
   * Schemas in another language, which a registry may hold too, as the Avro schema of null. Without
   * it the client fails on one as it does when there is no registry, and whoever met its id would
   * wait for ever.
   */
  private record OtherLanguage(String schemaType) implements SchemaProvider {
    @Override
    public ParsedSchema parseSchemaOrElseThrow(
        org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client
                .rest.entities.Schema
            schema,
        boolean isNew,
        boolean normalize) {
      return new AvroSchema("\"null\"");
    }
  }
}
