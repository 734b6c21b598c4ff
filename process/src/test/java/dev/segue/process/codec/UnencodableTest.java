package dev.segue.process.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.segue.futures.SerializableCallable;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be encoded is rejected with a path to it and a remedy. */
class UnencodableTest {
  static final class Connection {}

  static final class Customer implements Serializable {
    String name = "c";
    transient Object cache = new Object();
    Connection connection = new Connection();
  }

  static final class Order implements Serializable {
    final Customer customer = new Customer();
    final List<Object> items = new ArrayList<>();
  }

  record Plain(int n) {}

  record Holder(Object content) implements Serializable {}

  static final class BadWriter implements Serializable {
    private void writeObject(ObjectOutputStream out) throws IOException {
      throw new IllegalStateException("no room");
    }
  }

  static final class BadReplacer implements Serializable {
    private Object writeReplace() {
      throw new IllegalStateException("no replacement");
    }
  }

  static final class Exhausting implements Serializable {
    private void writeObject(ObjectOutputStream out) {
      throw new OutOfMemoryError("of a test");
    }
  }

  private final Connection held = new Connection();

  @Test
  void thePathGoesThroughCapturedArgumentsAndFields() {
    int n = 1;
    var order = new Order();
    var failure = refused((SerializableCallable<Object>) () -> n + order.items.size());
    assertThat(failure.path())
        .isEqualTo(
            "captured argument 2 of UnencodableTest.lambda → Order.customer → Customer.connection ("
                + Connection.class.getName()
                + ")");
    assertThat(failure)
        .hasMessageContaining(Connection.class.getName() + " is not serializable")
        .hasMessageContaining(failure.path())
        .hasMessageContaining("mark the field transient")
        .hasCauseInstanceOf(NotSerializableException.class);
  }

  @Test
  void thisIsNamedWhereALambdaCapturesIt() {
    assertThat(new Capturing().refusal().path())
        .startsWith("this of Capturing.lambda → Capturing.connection (");
  }

  static final class Capturing implements Serializable {
    final Connection connection = new Connection();

    UnencodableException refusal() {
      return refused((SerializableCallable<Object>) () -> connection);
    }
  }

  @Test
  void theReceiverOfALambdaMayBeTheCulprit() {
    var failure = refused((SerializableCallable<Object>) () -> held);
    assertThat(failure.path())
        .isEqualTo("this of UnencodableTest.lambda (" + getClass().getName() + ")");
  }

  @Test
  void thePathGoesThroughCollectionsMapsArraysAndRecords() {
    var culprit = new Connection();
    assertThat(refused(new ArrayList<>(Arrays.asList(1, culprit))).path())
        .startsWith("ArrayList[1] (");
    assertThat(refused(new HashMap<>(Map.of("k", culprit))).path()).startsWith("HashMap[k] (");
    assertThat(refused(new HashMap<>(Map.of(culprit, 1))).path()).startsWith("key of HashMap (");
    assertThat(refused(new Object[] {new Holder(List.of(culprit))}).path())
        .startsWith("Object[0] → Holder.content → List12[0] (");
  }

  @Test
  void aRecordThatIsNotSerializableIsRefused() {
    var failure = refused(new Plain(1));
    assertThat(failure)
        .hasMessageContaining(Plain.class.getName() + " is not serializable: make")
        .hasCauseInstanceOf(NotSerializableException.class);
    assertThat(refused(List.of(new Plain(1))).path()).startsWith("List12[0] (");
  }

  @Test
  void aPlainLambdaIsToldHowToBecomeSerializable() {
    Callable<Integer> body = () -> 1;
    assertThat(refused(body))
        .hasMessageContaining("a lambda of " + getClass().getName() + " is not serializable")
        .hasMessageContaining("SerializableCallable")
        .hasMessageContaining("ProcessPoolExecutor");
  }

  @Test
  void whatAnObjectsOwnCodeThrowsIsTheCause() {
    assertThat(refused(new ArrayList<>(List.of(new BadWriter()))))
        .hasMessageContaining(BadWriter.class.getName() + ".writeObject failed")
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThat(refused(new BadReplacer()))
        .hasMessageContaining(BadReplacer.class.getName() + ".writeReplace failed")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void anExhaustedHeapIsNotTakenForTheValuesFault() {
    assertThatThrownBy(() -> new CodecPair().encode(new Exhausting()))
        .isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void anEncoderGoesOnAfterARefusal() throws Exception {
    var pair = new CodecPair();
    assertThatThrownBy(() -> pair.encode(new Plain(1))).isInstanceOf(UnencodableException.class);
    assertThat(pair.copy(List.of("a"))).isEqualTo(List.of("a"));
  }

  private static final class Session implements AutoCloseable {
    @Override
    public void close() {}
  }

  static Stream<Arguments> adviceOnTypes() {
    return Stream.of(
        Arguments.of(Optional.of(1), "send its value instead, by orElse(null)"),
        Arguments.of(Path.of("a"), "send its text instead, by toString()"),
        Arguments.of(Stream.of(1), "send a list of its elements instead"),
        Arguments.of(List.of(1).iterator(), "send a list of its elements instead"),
        Arguments.of(new ArrayList<>(List.of(1)).subList(0, 1), "send a copy instead"),
        Arguments.of(new HashMap<>().keySet(), "send a copy instead"),
        Arguments.of(Map.entry(1, 2), "SimpleImmutableEntry"),
        Arguments.of(new CompletableFuture<>(), "send its result instead"),
        Arguments.of(new Thread(() -> {}), "works within one process alone"),
        Arguments.of(ClassLoader.getSystemClassLoader(), "works within one process alone"),
        Arguments.of(InputStream.nullInputStream(), "send what it contains"),
        Arguments.of(new Session(), "create it inside the task"),
        Arguments.of(new Object(), "if it is a lock, mark the field transient"),
        Arguments.of(ByteBuffer.allocate(1), "send an array of its content"));
  }

  @ParameterizedTest
  @MethodSource("adviceOnTypes")
  void theAdviceFitsTheType(Object culprit, String advice) {
    assertThat(refused(new Object[] {culprit}))
        .hasMessageContaining(advice)
        .hasMessageNotContaining("implement Serializable");
  }

  private static UnencodableException refused(Object value) {
    return catchThrowableOfType(UnencodableException.class, () -> new CodecPair().encode(value));
  }
}
