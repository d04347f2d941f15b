package dev.shardstream.schemas.http;

import java.util.List;

/**
 * @param applied whether the shard has passed all of the changes
 * @param rejections those among them that it refused
 */
public record AwaitResponse(boolean applied, List<Rejection> rejections) {
  /** A refused change with its error. */
  public record Rejection(int partition, long offset, String code, String message) {}
}
