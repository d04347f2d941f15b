package dev.shardstream.producer.sql;

import org.jspecify.annotations.Nullable;

/**
 * A column of CREATE TABLE. Keys stand with the table ({@link Statement.CreateTable}), wherever
 * they were written.
 *
 * @param name unquoted, case kept
 * @param type the type, synonyms folded
 * @param length n of VARCHAR(n), in code points, 1 or more; null if none was written
 * @param nullable false if NOT NULL was written; a primary key column is NOT NULL whatever this
 *     says
 * @param defaultValue a {@link Expr.Literal} or a {@link Expr.CurrentTime}; null if none was
 *     written (DEFAULT NULL is a literal)
 * @param position where its name stands
 */
public record ColumnDefinition(
    String name,
    TypeName type,
    @Nullable Integer length,
    boolean nullable,
    @Nullable Expr defaultValue,
    SourcePosition position) {}
