package dev.segue.cluster;

import java.io.Serial;
import java.util.List;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * The slots of a job, as Spark wants them: one partition each, whose only element is the encoded
 * results of the slot's tasks.
 */
final class SlotRdd extends RDD<byte[][]> {
  @Serial private static final long serialVersionUID = 1;

  /** Only the driver has them: Spark sends each with its own task. */
  private final transient Slot @Nullable [] slots;

  SlotRdd(SparkContext context, Slot[] slots) {
    super(
        context,
        CollectionConverters.asScala(List.<org.apache.spark.Dependency<?>>of()).toSeq(),
        ClassTag$.MODULE$.apply(byte[][].class));
    this.slots = slots;
  }

  @Override
  public Partition[] getPartitions() {
    if (slots == null) {
      throw new IllegalStateException("an executor has no slots but its own");
    }
    return slots;
  }

  @Override
  public Iterator<byte[][]> compute(Partition slot, TaskContext context) {
    var results = new Work(context).run((Shipment) slot);
    return CollectionConverters.asScala(List.<byte[][]>of(results).iterator());
  }
}
