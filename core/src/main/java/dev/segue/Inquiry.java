package dev.segue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Base64;
import jdk.net.ExtendedSocketOptions;

/**
 * A conversation with a process of the same user that asks about this one's tasks, on a thread of
 * its own.
 *
 * <p>Both sides write lines of fields, which a tab separates; see {@link #line}. The asker says
 * {@code tasks} and which stacks it wants, or {@code record} and where a recorder can be loaded
 * from, and after that {@code stop}. The answer to each ends with {@code end}, or is an {@code
 * error} with a text. A line that begins with a word which the reader does not know is skipped.
 */
final class Inquiry implements Runnable {
  private final Path socket;
  private final UserPrincipal user;

  private Inquiry(Path socket, UserPrincipal user) {
    this.socket = socket;
    this.user = user;
  }

  /** Answers a process that listens on a socket, if it is of this user. */
  static void answer(Path socket, UserPrincipal user) {
    Thread.ofPlatform()
        .daemon()
        .inheritInheritableThreadLocals(false)
        .name("segue-inquiry")
        .start(new Inquiry(socket, user));
  }

  /** As {@link #answer(Path, UserPrincipal)}; an agent that was attached finds it by its name. */
  @SuppressWarnings("UnusedMethod")
  private static void answer(Path folder, String socket) throws IOException {
    var user = Mailbox.owner(folder);
    if (user == null) {
      throw new IOException(folder + " can be written to by others");
    }
    answer(folder.resolve(socket), user);
  }

  @Override
  public void run() {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      if (!isOfUser(channel)) {
        Log.warn("another user's process asked for the tasks of this one, and got no answer", null);
        return;
      }
      converse(
          new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8)),
          new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      Log.debug("a process that asked for the tasks of this one has gone", e);
    } catch (Throwable thrown) { // no memory, say
      Log.warn("a process that asked for the tasks of this one got no full answer", thrown);
    }
  }

  private boolean isOfUser(SocketChannel channel) throws IOException {
    try {
      return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().equals(user);
    } catch (NoClassDefFoundError _) { // an image without jdk.net
      return true; // nobody else could make a socket in that folder
    }
  }

  private static void converse(BufferedReader in, Writer out) throws IOException {
    line(out, Mailbox.VERSION, ProcessHandle.current().pid());
    out.flush();
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      var words = line.split("\t", -1);
      switch (words[0]) {
        case "tasks" -> TaskReport.write(out, Stacks.valueOf(words[1]));
        case "record" -> record(words[1], in, out);
        default -> line(out, "error", "this version of Segue does not know '" + words[0] + "'");
      }
      out.flush();
    }
  }

  private static void record(String classPath, BufferedReader in, Writer out) throws IOException {
    try (var recording = new RemoteRecording(classPath)) {
      line(out, "recording", recording.loops());
      out.flush();
      if (in.readLine() == null) {
        return; // the asker has gone
      }
      var page = recording.page();
      line(out, "loops", recording.loops(), recording.loopsLeftOut());
      line(out, "page", Base64.getEncoder().encodeToString(page.getBytes(StandardCharsets.UTF_8)));
      line(out, "end");
    } catch (ReflectiveOperationException | LinkageError e) {
      line(out, "error", "the recorder does not work in that process: " + e);
    }
  }

  /**
   * Writes one line: fields with a tab between, in which a backslash goes before what is special.
   */
  static void line(Writer out, Object... fields) throws IOException {
    for (int i = 0; i < fields.length; i++) {
      if (i > 0) {
        out.write('\t');
      }
      var text = fields[i].toString();
      out.write(isPlain(text) ? text : escaped(text));
    }
    out.write('\n');
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  /** Whose stacks an answer has. */
  enum Stacks {
    NONE,
    /** As many as can be taken in a short time. */
    SOME,
    ALL
  }
}
