package dev.segue.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Kafka's clients, whose broker does not answer. */
class KafkaTest extends Contract {
  private ServerSocket silent;
  private KafkaConsumer<String, String> classic;
  private KafkaConsumer<String, String> consumer;
  private KafkaProducer<String, String> producer;

  @BeforeAll
  void start() throws IOException {
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var broker = "localhost:" + silent.getLocalPort();
    classic = consumer(broker, "classic");
    consumer = consumer(broker, "consumer");
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker, "max.block.ms", Trial.SECONDS * 1000),
            new StringSerializer(),
            new StringSerializer());
  }

  private static KafkaConsumer<String, String> consumer(String broker, String protocol) {
    var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker, "group.id", "g", "group.protocol", protocol),
            new StringDeserializer(),
            new StringDeserializer());
    consumer.subscribe(List.of("topic"));
    return consumer;
  }

  @AfterAll
  void close() throws IOException {
    silent.close(); // first: the producer waits for an answer
    producer.close(Duration.ZERO);
    classic.close(CloseOptions.timeout(Duration.ZERO));
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }

  @Override
  Stream<Trial> trials() {
    var longer = Duration.ofSeconds(Trial.SECONDS);
    return Stream.of(
        new Trial(
            "Kafka, poll by the classic protocol",
            Waits.IN_THE_JDK,
            () -> classic.poll(longer),
            () -> assertThat(classic.poll(Duration.ZERO)).isEmpty()),
        new Trial(
            "Kafka, poll by the consumer protocol",
            Waits.IN_THE_JDK,
            () -> consumer.poll(longer),
            () -> assertThat(consumer.poll(Duration.ZERO)).isEmpty()),
        new Trial(
            "Kafka, send without metadata",
            Waits.IN_THE_JDK,
            () -> producer.send(new ProducerRecord<>("topic", "value")).get(),
            () -> assertThat(producer.metrics()).isNotEmpty()));
  }
}
