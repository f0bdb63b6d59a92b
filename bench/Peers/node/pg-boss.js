import pg from 'pg';
import { PgBoss } from 'pg-boss';

const schema = 'pgboss';
const queue = 'trivial';
// A worker that fetches single jobs waits for its poll after each; only full batches follow each other at once.
const batchSize = 50;

export function pgBoss(connectionString) {
  const pool = new pg.Pool({ connectionString, max: 1 });
  let boss;

  const open = async () => {
    boss = new PgBoss({ connectionString, schema, max: 22, useListenNotify: true });
    boss.on('error', error => console.error(error));
    await boss.start();
  };
  const stop = async () => {
    await boss?.stop({ graceful: false });
    boss = undefined;
  };

  return {
    async empty() {
      await stop();
      await pool.query(`drop schema if exists ${schema} cascade`);
      await open();
      await boss.createQueue(queue, { notify: true });
      return connectionString;
    },
    enqueue: data => boss.send(queue, data),
    enqueueMany: payloads => boss.insert(queue, payloads.map(data => ({ data }))),
    async work(workers, execute) {
      if (!boss)
        await open();
      await boss.work(queue, { localConcurrency: workers, batchSize, burstWhenBatchFull: true }, async jobs => {
        for (const job of jobs)
          execute(job.data);
      });
      return () => boss.offWork(queue);
    },
    async left() {
      const { rows } = await pool.query(`select count(*)::int as left from ${schema}.job where name = '${queue}' and state < 'completed'`);
      return rows[0].left;
    },
    async close() {
      await stop();
      await pool.end();
    },
  };
}
