package dev.segue;

/**
 * Makes sure of room on the stack, at the start of an operation that changes what a loop's tasks
 * share: where there is none, the stack overflows here, before anything has been changed, and not
 * in the middle.
 *
 * <p>Each frame of {@link #make} is large, because it has many values to keep across a call that it
 * makes now and then; the JVM checks for the whole frame when the method is called, whether it
 * makes that call or not. So a few kilobytes are checked in some ten nanoseconds; a recursion of
 * small frames takes many times as long.
 */
final class StackRoom {
  private static volatile long anything;

  private StackRoom() {}

  /**
   * Overflows the stack here, or never before the operation has ended.
   *
   * @param kilobytes how much an operation may take, interpreted
   * @param use whether to make that call: sometimes, so that the compiler believes in it
   */
  static long make(int kilobytes, boolean use) {
    long below = kilobytes == 1 ? 0 : make(kilobytes - 1, use);
    if (use) {
      long a0 = anything;
      long a1 = anything;
      long a2 = anything;
      long a3 = anything;
      long a4 = anything;
      long a5 = anything;
      long a6 = anything;
      long a7 = anything;
      long a8 = anything;
      long a9 = anything;
      long a10 = anything;
      long a11 = anything;
      long a12 = anything;
      long a13 = anything;
      long a14 = anything;
      long a15 = anything;
      long a16 = anything;
      long a17 = anything;
      long a18 = anything;
      long a19 = anything;
      long a20 = anything;
      long a21 = anything;
      long a22 = anything;
      long a23 = anything;
      long a24 = anything;
      long a25 = anything;
      long a26 = anything;
      long a27 = anything;
      long a28 = anything;
      long a29 = anything;
      long a30 = anything;
      long a31 = anything;
      long a32 = anything;
      long a33 = anything;
      long a34 = anything;
      long a35 = anything;
      long a36 = anything;
      long a37 = anything;
      long a38 = anything;
      long a39 = anything;
      long a40 = anything;
      long a41 = anything;
      long a42 = anything;
      long a43 = anything;
      long a44 = anything;
      long a45 = anything;
      long a46 = anything;
      long a47 = anything;
      long a48 = anything;
      long a49 = anything;
      long a50 = anything;
      long a51 = anything;
      long a52 = anything;
      long a53 = anything;
      long a54 = anything;
      long a55 = anything;
      long a56 = anything;
      long a57 = anything;
      long a58 = anything;
      long a59 = anything;
      below +=
          sum(
              a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18,
              a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, a33, a34, a35,
              a36, a37, a38, a39, a40, a41, a42, a43, a44, a45, a46, a47, a48, a49, a50, a51, a52,
              a53, a54, a55, a56, a57, a58, a59);
      below +=
          a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11 + a12 + a13 + a14 + a15 + a16
              + a17 + a18 + a19 + a20 + a21 + a22 + a23 + a24 + a25 + a26 + a27 + a28 + a29 + a30
              + a31 + a32 + a33 + a34 + a35 + a36 + a37 + a38 + a39 + a40 + a41 + a42 + a43 + a44
              + a45 + a46 + a47 + a48 + a49 + a50 + a51 + a52 + a53 + a54 + a55 + a56 + a57 + a58
              + a59;
    }
    return below;
  }

  private static long sum(
      long a0,
      long a1,
      long a2,
      long a3,
      long a4,
      long a5,
      long a6,
      long a7,
      long a8,
      long a9,
      long a10,
      long a11,
      long a12,
      long a13,
      long a14,
      long a15,
      long a16,
      long a17,
      long a18,
      long a19,
      long a20,
      long a21,
      long a22,
      long a23,
      long a24,
      long a25,
      long a26,
      long a27,
      long a28,
      long a29,
      long a30,
      long a31,
      long a32,
      long a33,
      long a34,
      long a35,
      long a36,
      long a37,
      long a38,
      long a39,
      long a40,
      long a41,
      long a42,
      long a43,
      long a44,
      long a45,
      long a46,
      long a47,
      long a48,
      long a49,
      long a50,
      long a51,
      long a52,
      long a53,
      long a54,
      long a55,
      long a56,
      long a57,
      long a58,
      long a59) {
    return a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11 + a12 + a13 + a14 + a15 + a16
        + a17 + a18 + a19 + a20 + a21 + a22 + a23 + a24 + a25 + a26 + a27 + a28 + a29 + a30 + a31
        + a32 + a33 + a34 + a35 + a36 + a37 + a38 + a39 + a40 + a41 + a42 + a43 + a44 + a45 + a46
        + a47 + a48 + a49 + a50 + a51 + a52 + a53 + a54 + a55 + a56 + a57 + a58 + a59;
  }
}
