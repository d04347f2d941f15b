package dev.shardstream.producer.api;

import org.jspecify.annotations.Nullable;

/**
 * A namespace.
 *
 * @param name in lower case
 * @param tables how many it has
 * @param createdAt UTC, {@code yyyy-MM-dd HH:mm:ss[.SSS]}; null for {@code default}, which always
 *     existed
 */
public record NamespaceInfo(String name, int tables, @Nullable String createdAt) {}
