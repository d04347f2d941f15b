package dev.shardstream.schemas.http;

import dev.shardstream.schemas.contract.Position;
import java.util.List;

/**
 * First line of an answer.
 *
 * @param columns names of the result's columns
 * @param positions what the read saw: the least position of each partition of the shard
 */
public record QueryHeader(List<String> columns, List<Position> positions) {}
