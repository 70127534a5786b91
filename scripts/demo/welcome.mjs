const PLAIN = [
  'Try: open People, change Lee Mason’s title to “VP, Scripted”, press Save,',
  'and watch this terminal. Then look into Newswire › Deliveries.',
];

const STRICT = [
  'The default network policy is in force (NEWSWIRE_DEMO_STRICT=1). It refuses plain HTTP',
  'and the loopback address, so the receiver gets nothing. Newswire › Events has it all.',
];

/**
 * What there is to see and to try, in a box.
 *
 * @param {{ port: number, receiverPort: number, strict: boolean, feed: string | null }} options
 */
export function welcome({ port, receiverPort, strict, feed }) {
  const lines = [
    `Admin panel    http://127.0.0.1:${port}/admin`,
    'Log in         admin@example.com / Newswire1!   (Angela Jain)',
    'As an editor   editor@example.com / Newswire1!   (Robin Hale)',
    `Receiver       http://127.0.0.1:${receiverPort}/webhooks`,
    '',
    ...(strict ? STRICT : PLAIN),
    '',
    ...(feed
      ? ['What the partner Streamly may read of it, for a feed reader or a browser:', feed, '']
      : []),
    'Ctrl-C ends it. More, e.g. how to make the receiver fail: npm run demo -- --help',
  ];
  const width = Math.max(...lines.map((line) => line.length));
  return [
    `╭${'─'.repeat(width + 2)}╮`,
    ...lines.map((line) => `│ ${line.padEnd(width)} │`),
    `╰${'─'.repeat(width + 2)}╯`,
  ].join('\n');
}
