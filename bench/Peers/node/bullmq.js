import { Queue, Worker } from 'bullmq';

const name = 'trivial';

export function bullmq(place) {
  const [host, port] = place.split(':');
  const connection = { host, port: Number(port), maxRetriesPerRequest: null };
  const queue = new Queue(name, { connection });

  return {
    async empty() {
      await queue.obliterate({ force: true });
      return place;
    },
    enqueue: data => queue.add(name, data),
    enqueueMany: payloads => queue.addBulk(payloads.map(data => ({ name, data }))),
    async work(workers, execute) {
      const worker = new Worker(name, async job => execute(job.data), { connection, concurrency: workers });
      await worker.waitUntilReady();
      return () => worker.close();
    },
    close: () => queue.close(),
  };
}
