package heddle.cluster.type;

/** ReplicaSets: nothing beyond what workloads share. */
final class ReplicaSetRules extends WorkloadRules {}
