package dev.shardstream.standalone.workload;

import io.trino.tpch.Order;
import io.trino.tpch.OrderGenerator;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** TPC-H's table ORDERS: its definition and its rows, from the standard generator. */
public final class Orders {
  /** Columns in order; the key is the first. */
  public static final List<String> COLUMNS =
      List.of(
          "o_orderkey",
          "o_custkey",
          "o_orderstatus",
          "o_totalprice",
          "o_orderdate",
          "o_orderpriority",
          "o_clerk",
          "o_shippriority",
          "o_comment");

  private static final int ROWS_OF_SCALE_1 = 1_500_000;

  private Orders() {}

  /**
   * @param table the table's name
   * @param shards physical shards to start with
   */
  public static String createTable(String table, int shards) {
    return createTable(table, "SHARDS=" + shards);
  }

  /**
   * @param options what stands within {@code WITH (…)}
   */
  public static String createTable(String table, String options) {
    return """
        CREATE TABLE %s (
          o_orderkey BIGINT PRIMARY KEY,
          o_custkey BIGINT NOT NULL,
          o_orderstatus VARCHAR(1) NOT NULL,
          o_totalprice DOUBLE NOT NULL,
          o_orderdate DATE NOT NULL,
          o_orderpriority VARCHAR(15) NOT NULL,
          o_clerk VARCHAR(15) NOT NULL,
          o_shippriority INTEGER NOT NULL,
          o_comment VARCHAR(79)
        ) WITH (%s)
        """
        .formatted(table, options);
  }

  /** The first {@code count} orders, the same at every call; keys ascend, with gaps. */
  public static Stream<List<Object>> rows(int count) {
    double scale = Math.max(0.01, Math.ceil(count * 100.0 / ROWS_OF_SCALE_1) / 100.0);
    return StreamSupport.stream(new OrderGenerator(scale, 1, 1).spliterator(), false)
        .limit(count)
        .map(Orders::row);
  }

  private static List<Object> row(Order order) {
    return List.of(
        order.getOrderKey(),
        order.getCustomerKey(),
        String.valueOf(order.getOrderStatus()),
        order.getTotalPrice(),
        LocalDate.ofEpochDay(order.getOrderDate()).toString(),
        order.getOrderPriority(),
        order.getClerk(),
        (long) order.getShipPriority(),
        order.getComment());
  }
}
