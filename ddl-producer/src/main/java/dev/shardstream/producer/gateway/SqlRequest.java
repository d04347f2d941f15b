package dev.shardstream.producer.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement.
 *
 * @param statement SQL; a semicolon may end it
 * @param parameters values for its parameters in their order, as {@link
 *     dev.shardstream.schemas.http.JsonValues} encodes them; null for none
 * @param namespace of names that do not say one; null as configured
 * @param maxRows most rows that it reads from the shards or returns; null for as many as
 *     configured, which is the most too
 * @param timeoutMillis how long it may run on one shard; null for as long as configured, which is
 *     the longest too
 */
public record SqlRequest(
    @Nullable String statement,
    @Nullable List<JsonNode> parameters,
    @Nullable String namespace,
    @Nullable Long maxRows,
    @Nullable Long timeoutMillis) {}
