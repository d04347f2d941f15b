package dev.shardstream.streams.topology;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.Options;

/** The state is small and read once; RocksDB's usual buffers of four tasks would not be. */
public final class SmallRocksDb implements RocksDBConfigSetter {
  private static final long WRITE_BUFFER_BYTES = 2L << 20;

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    options.setWriteBufferSize(WRITE_BUFFER_BYTES).setMaxWriteBufferNumber(2);
  }

  @Override
  public void close(String storeName, Options options) {
    // Nothing was made here that has to be closed.
  }
}
