package dev.segue.process.codec;

/**
 * A value as bytes.
 *
 * @param bytes holds them; may be longer
 * @param length how many there are
 * @param definitions the numbers of the {@link Dictionary} entries that the bytes refer to
 */
public record Encoded(byte[] bytes, int length, int[] definitions) {}
