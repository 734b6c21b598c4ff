/**
 * Values as bytes: what tasks, results and exceptions are turned into to travel between processes.
 *
 * <p>Start with {@link dev.segue.process.codec.Encoder} and {@link
 * dev.segue.process.codec.Decoder}; {@link dev.segue.process.codec.Tag} says how the bytes look.
 * What values refer to (lambdas, classes of records and enums) is in the sender's {@link
 * dev.segue.process.codec.Dictionary}, whose definitions the receiver's decoder must have been
 * given first. Large arrays are not among the bytes of an {@link dev.segue.process.codec.Encoded}
 * value but beside them; copies of them are in {@link dev.segue.process.codec.NativeMemory}. A
 * {@link dev.segue.process.codec.Refusal} finds out why a value cannot travel.
 *
 * <p>Not exported. Knows nothing of the other packages.
 */
package dev.segue.process.codec;
