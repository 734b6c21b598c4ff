// Turns what a command wrote to a terminal into a picture of that terminal, an SVG file that looks
// the same on light and on dark pages. How README.md's was made, on Linux and with a JDK 25:
//
//   command='./segue examples tasks deadlock'
//   script -qec "$command" /dev/null |
//     java scripts/TerminalPicture.java "$command" >docs/images/examples.svg

static final int COLUMNS = 104;
static final int MARGIN = 16;
static final int LINE_HEIGHT = 20;
static final double CHARACTER_WIDTH = 7.8;

/** A line's end, an escape sequence, or a character. */
static final Pattern TOKEN = Pattern.compile("\\r?\\n|\\e\\[([0-9;]*)([A-Za-z])|.");

/** Characters of one style, side by side. */
record Run(int row, int column, String style, StringBuilder text) {
  boolean goesOn(int atRow, int atColumn, String inStyle) {
    return row == atRow && column + text.length() == atColumn && style.equals(inStyle);
  }

  String toSvg() {
    return "<text x=\"%.1f\" y=\"%d\" textLength=\"%.1f\"%s>%s</text>\n"
        .formatted(
            MARGIN + column * CHARACTER_WIDTH,
            MARGIN + (row + 1) * LINE_HEIGHT - 6,
            text.length() * CHARACTER_WIDTH,
            style.isEmpty() ? "" : " class=\"" + style + "\"",
            text.toString().replace("&", "&amp;").replace("<", "&lt;"));
  }
}

final List<Run> runs = new ArrayList<>();
int row = 0;
int column = 0;
String style = "";

void main(String... command) throws IOException {
  Locale.setDefault(Locale.ROOT);
  draw("\u001b[2m$ \u001b[0m\u001b[1m" + command[0] + "\u001b[0m\n");
  draw(new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
  IO.print(
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" role="img">
      <title>What %s prints</title>
      <style>
      text { font: 13px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #e6edf3; white-space: pre; }
      .bold { font-weight: bold; }
      .dim { fill: #8b949e; }
      .red { fill: #ff7b72; }
      .green { fill: #56d364; }
      .yellow { fill: #e3b341; }
      </style>
      <rect width="100%%" height="100%%" rx="8" fill="#0d1117"/>
      %s</svg>
      """
          .formatted(
              2 * MARGIN + COLUMNS * CHARACTER_WIDTH,
              2 * MARGIN + (runs.getLast().row() + 1) * LINE_HEIGHT,
              command[0],
              runs.stream().map(Run::toSvg).collect(Collectors.joining())));
}

void draw(String output) {
  TOKEN.matcher(output).results().forEach(token -> {
    if (token.group().endsWith("\n")) {
      endLine();
    } else if (token.group(2) == null) {
      put(token.group());
    } else if (token.group(2).equals("m")) {
      style = styleOf(token.group(1));
    }
  });
}

void put(String character) {
  if (column == COLUMNS) {
    endLine();
  }
  if (runs.isEmpty() || !runs.getLast().goesOn(row, column, style)) {
    runs.add(new Run(row, column, style, new StringBuilder()));
  }
  runs.getLast().text().append(character);
  column++;
}

void endLine() {
  row++;
  column = 0;
}

/** The style that a code sets; the plain one for a code that ends another or is not known here. */
String styleOf(String code) {
  return switch (code) {
    case "1" -> "bold";
    case "2" -> "dim";
    case "31" -> "red";
    case "32" -> "green";
    case "33" -> "yellow";
    default -> "";
  };
}
