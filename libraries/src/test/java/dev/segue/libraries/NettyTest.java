package dev.segue.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Netty's futures, and gRPC on Netty, whose server does not answer. */
class NettyTest extends Contract {
  private static final MethodDescriptor<String, String> CALL =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName(MethodDescriptor.generateFullMethodName("test", "call"))
          .setRequestMarshaller(new Text())
          .setResponseMarshaller(new Text())
          .build();

  private final MultiThreadIoEventLoopGroup netty =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private Server server;
  private ManagedChannel channel;

  /** Strings on the wire. */
  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @BeforeAll
  void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("localhost", 0))
            .addService(
                ServerServiceDefinition.builder("test")
                    .addMethod(
                        CALL,
                        ServerCalls.asyncUnaryCall((request, response) -> {
                          if (request.equals("fast")) {
                            response.onNext("here you are");
                            response.onCompleted();
                          }
                        }))
                    .build())
            .build()
            .start();
    channel = NettyChannelBuilder.forAddress("localhost", server.getPort()).usePlaintext().build();
  }

  @AfterAll
  void close() {
    channel.shutdownNow();
    server.shutdownNow();
    netty.shutdownGracefully();
  }

  @Override
  Stream<Trial> trials() {
    return Stream.of(
        new Trial(
            "gRPC, a blocking stub",
            Waits.IN_THE_JDK,
            () -> ClientCalls.blockingUnaryCall(channel, CALL, CallOptions.DEFAULT, "slow"),
            this::use),
        new Trial(
            "gRPC, a future stub and await",
            Waits.IN_SEGUE,
            () ->
                Async.await(
                    ClientCalls.futureUnaryCall(
                        channel.newCall(CALL, CallOptions.DEFAULT), "slow")),
            this::use),
        new Trial(
            "Netty, Future.sync",
            Waits.IN_THE_JDK,
            () -> netty.next().newPromise().sync(),
            () -> netty.submit(() -> 42).sync()),
        new Trial(
            "Netty, a future and await",
            Waits.IN_SEGUE,
            () -> Async.await(netty.next().newPromise()),
            () -> Async.await(netty.submit(() -> 42))));
  }

  private void use() {
    assertThat(ClientCalls.blockingUnaryCall(channel, CALL, CallOptions.DEFAULT, "fast"))
        .isEqualTo("here you are");
  }
}
