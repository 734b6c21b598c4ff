package dev.segue.inspect;

/**
 * An update of a field that was lost: a task or thread read the field, another one wrote it, and
 * then the first wrote what it had made of the old value.
 *
 * @param field the field, as {@code Account.balance}
 * @param read the reading of the old value
 * @param overwritten the writing that was lost
 * @param write the writing that replaced it, by the reader
 * @param count how often that happened at these lines; the accesses are those of the first time
 */
public record LostUpdate(String field, Access read, Access overwritten, Access write, int count) {}
