import type { Ask, Settings, Side, Told } from './child.ts';

/** The process of a server: told what to be by its first message, and asked how it is going. */

const tell = (told: Told): void => void process.send?.(told);

/** A side loads only its own libraries. */
async function start(settings: Settings): Promise<Side> {
  if (settings.side === 'baton') return (await import('./baton-side.ts')).startBaton(settings);
  const others = await import('./other-sides.ts');
  switch (settings.side) {
    case 'bolt':
      return others.startBolt(settings);
    case 'grammy':
      return others.startGrammy(settings);
    case 'echo':
      return others.startEcho(settings);
    default:
      return settings satisfies never;
  }
}

async function answer(side: Side, asked: Ask): Promise<unknown> {
  switch (asked.ask) {
    case 'figures': {
      const { user, system } = process.cpuUsage();
      return { cpu: user + system, handled: side.handled(), ...side.weight(), refusals: side.refusals() };
    }
    case 'say':
      return side.say(asked.as, asked.text);
    case 'stop':
      return side.stop();
    default:
      return asked satisfies never;
  }
}

// Whoever started it is gone: there is nobody to serve.
process.once('disconnect', () => process.exit());
process.once('message', async (settings: Settings) => {
  const side = await start(settings);
  process.on('message', (asked: Ask) => {
    answer(side, asked).then(
      (value) => tell({ n: asked.n, value: value ?? null }),
      (error: unknown) => tell({ n: asked.n, error: String(error) }),
    );
  });
  tell({ address: side.address });
});
