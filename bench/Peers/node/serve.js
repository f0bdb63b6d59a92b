// The process of a Node peer: reads orders line by line, and answers each with one. PeerHost.cs is the same for .NET's.
import { createInterface } from 'node:readline';
import { bullmq } from './bullmq.js';
import { graphileWorker } from './graphile-worker.js';
import { pgBoss } from './pg-boss.js';

const concurrently = 8;
const peers = {
  'graphile-worker': place => graphileWorker(place, {}),
  // The size is the one of its own benchmark.
  'graphile-worker-batches': place => graphileWorker(place, { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }),
  'pg-boss': pgBoss,
  bullmq,
};
const [, key, place] = process.argv.slice(2);
const peer = peers[key](place);

async function enqueueOneByOne(jobs) {
  const each = Math.floor(jobs / concurrently);
  const enqueue = async () => {
    for (let i = 0; i < each; i++)
      await peer.enqueue({ number: i });
  };
  await Promise.all(Array.from({ length: concurrently }, enqueue));
}

async function workOff(jobs, workers, limit) {
  let run = 0;
  const nearlyAll = jobs - Math.floor(jobs / 100);
  const start = performance.now();
  const late = () => performance.now() - start > limit * 1000;
  const stop = await peer.work(workers, () => { run++; });
  while (run < nearlyAll && !late())
    await pause(1);
  // A job is done when the store says so; batches complete after they ran.
  let left = jobs - run;
  while (peer.left && (left = await peer.left()) > jobs - nearlyAll && !late())
    await pause(1);
  const seconds = (performance.now() - start) / 1000;
  await stop();
  return [(jobs - left) / seconds, jobs - left];
}

async function listen(workers) {
  await peer.work(workers, ({ asked }) => {
    const began = process.hrtime.bigint();
    console.log(`${began} ${(began - BigInt(asked)) / 100n}`);
  });
  return [];
}

// Without waiting for the job: a peer that polls would otherwise be asked right after it looked.
async function ask(times, mean) {
  for (let i = 0; i < times; i++) {
    await pause(mean * (0.2 + 1.6 * Math.random()));
    await peer.enqueue({ asked: String(process.hrtime.bigint()) });
  }
  return [];
}

async function perSecond(jobs, enqueue) {
  const start = performance.now();
  await enqueue();
  return [jobs / ((performance.now() - start) / 1000), jobs];
}

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

const orders = {
  empty: async () => [0, 0, await peer.empty()],
  'one-by-one': jobs => perSecond(jobs, () => enqueueOneByOne(jobs)),
  many: jobs => perSecond(jobs, () => peer.enqueueMany(Array.from({ length: jobs }, (_, number) => ({ number })))),
  'work-off': workOff,
  listen,
  ask,
};

console.log('done 0 0');
for await (const line of createInterface({ input: process.stdin })) {
  const [order, ...numbers] = line.split(' ');
  const [rate = 0, jobs = 0, text = ''] = await orders[order](...numbers.map(Number));
  console.log(`done ${rate.toFixed(1)} ${jobs} ${text}`);
}
await peer.close();
process.exit(0);
