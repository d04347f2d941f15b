package dev.shardstream.producer.replica;

/**
 * Whose catalog a file is a replica of.
 *
 * @param cluster the cluster's name
 * @param topicId Kafka's own id of the catalog topic: another one after the topic was made again
 * @param namespace the namespace that is followed, in lower case
 */
record CatalogIdentity(String cluster, String topicId, String namespace) {}
