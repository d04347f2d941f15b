package dev.shardstream.producer.live;

import dev.shardstream.producer.metadata.RowPlace;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.row.RowChange;
import java.nio.ByteBuffer;

/**
 * A change as the log has it.
 *
 * @param key canonical bytes of the row's primary key
 * @param place of the row
 * @param position of the record itself
 */
record LoggedChange(ByteBuffer key, RowPlace place, Position position, RowChange change) {}
