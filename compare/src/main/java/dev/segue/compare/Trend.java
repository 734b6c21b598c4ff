package dev.segue.compare;

/**
 * Whether samples go one way: the test of Mann (1945) and Kendall, which compares each sample with
 * each later one, and assumes nothing of how they are distributed; and by how much, after Theil and
 * Sen: the median of the slopes between any two.
 *
 * @param rising how sure it is that they rise, in standard deviations; negative if they fall
 * @param slope the change from one sample to the next
 */
record Trend(double rising, double slope) {
  /**
   * About one in a hundred series without a trend goes up as much. Of five samples each must be
   * more than the one before; fewer cannot tell.
   */
  private static final double SURE = 2.2;

  static Trend of(double[] samples) {
    int n = samples.length;
    if (n < 2) {
      return new Trend(0, 0);
    }
    var slopes = new double[n * (n - 1) / 2];
    int pairs = 0;
    int score = 0;
    for (int i = 0; i < n; i++) {
      for (int k = i + 1; k < n; k++) {
        score += Double.compare(samples[k], samples[i]);
        slopes[pairs++] = (samples[k] - samples[i]) / (k - i);
      }
    }
    double deviation = Math.sqrt(n * (n - 1) * (2.0 * n + 5) / 18);
    double continuous = score - Math.signum(score); // as the score is a whole number
    return new Trend(continuous / deviation, Bootstrap.median(slopes));
  }

  boolean rises() {
    return rising > SURE;
  }

  boolean falls() {
    return rising < -SURE;
  }
}
