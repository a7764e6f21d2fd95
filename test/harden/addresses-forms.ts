/** Hosts that are this machine, in all notations that some program or other takes; a port follows. */
const LOOPBACK = [
  ...['127.0.0.1', '127.1', '127.0.1', '127.0.0.1.', '127.255.255.254', '127.8.8.8', '127.0.0.0x1', '127.0.0.01'],
  ...['2130706433', '2130706433.', '4423673729', '-2130706433', '2130706433.0', '17000000001', '017700000001'],
  ...['0177.0.0.1', '0177.0.0.01', '0177.1', '00177.0.0.1', '000000177.0.0.1', '0177.0x0.0.1', '0o177.0.0.1'],
  ...['0x7f.0.0.1', '0x7f.1', '0x7f000001', '0x7F000001', '0X7F.0X0.0X0.0X1', '0x0000007f.0x0.0x0.0x1', '0x17f000001'],
  ...['0', '0.0.0.0', '0x0', '00', '0.', '0.0', '0x', '000.000.000.000', '127.0.0.1.1', '127..0.0.1', '.127.0.0.1'],
  ...['256.0.0.1', '383.0.0.1', '127.0.0.257', '127.0.65536.1', '127.16777217', '0x100000000', '08.1', '127.0.0.1%00'],
];

const LOOPBACK_IN_OTHER_LETTERS = [
  ...['%31%32%37.0.0.1', '127%2e0%2e0%2e1', '%30x7f.1', '127.0.0.1%2e', '%5b::1%5d', '127.0.0.1%20', '%00127.0.0.1'],
  ...[
    '１２７.０.０.１',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '127．0．0．1',
    '127｡0｡0｡1',
    '𝟏𝟐𝟕.𝟎.𝟎.𝟏',
    '１２７.1',
    '٠١٢٧.0.0.1',
  ],
  ...[
    '１２７。０．０｡１',
    '⓵⓶⓻.0.0.1',
    '127.0.0.1\u00ad',
    '127.0.0\u200b.1',
    '127.0.0.\ufeff1',
    '\u202e127.0.0.1',
    '0ｘ7f.1',
  ],
  ...[
    'localhost',
    'LOCALHOST',
    'LocalHost',
    'localhost.',
    'localhost..',
    'ｌｏｃａｌｈｏｓｔ',
    'loc%61lhost',
    'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
  ],
  ...[
    'loca\u00adlhost',
    'localhoſt',
    'lºcalhost',
    'localhost%2e',
    'xn--localhost-',
    'shop.localhost',
    'a.b.localhost.',
  ],
];

const LOOPBACK_IN_IPV6 = [
  ...['[::1]', '[0:0:0:0:0:0:0:1]', '[0000:0000:0000:0000:0000:0000:0000:0001]', '[::0:1]', '[0::1]', '[::]', '[::0]'],
  ...['[::ffff:127.0.0.1]', '[::FFFF:7f00:1]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::ffff:0.0.0.0]', '[::ffff:0:0]'],
  ...['[::127.0.0.1]', '[::7f00:1]', '[::ffff:0:127.0.0.1]', '[::ffff:0:7f00:1]', '[0:0:0:0:ffff:0:127.0.0.1]'],
  ...['[64:ff9b::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:0:0:0:0:7f00:1]', '[64:ff9b:1::7f00:1]'],
  ...['[2002:7f00:1::]', '[2002:7f00:1::1]', '[2001:0:7f00:1::]', '[2001::80ff:fffe]', '[fe80::5efe:7f00:1]'],
  ...['[fe80::1%25eth0]', '[fe80::1%eth0]', '[::1%25lo]', '[::1%lo]', '[::1%251]', '[::1', '::1', '[127.0.0.1]'],
  ...['[::ffff:127.1]', '[::ffff:0x7f.0.0.1]', '[::ffff:0177.0.0.1]', '[v1.::1]', '[::1].', '[::1]x', '[[::1]]'],
];

const WITH_SOMEBODY = [
  ...[
    'user:secret@127.0.0.1',
    'public.example@127.0.0.1',
    'public.example%40@127.0.0.1',
    'a@b@127.0.0.1',
    '@127.0.0.1',
  ],
  ...[
    'public.example:80@127.0.0.1',
    ':@127.0.0.1',
    'public.example%23@127.0.0.1',
    'public.example%2f@[::1]',
    '@@localhost',
  ],
];

/** Hosts that are inside, though not this machine. */
const INSIDE = [
  ...[
    '10.0.0.1',
    '10.255.255.254',
    '0xa.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '0xc0a80101',
    '0300.0250.1.1',
  ],
  ...['100.64.0.1', '100.100.100.200', '169.254.169.254', '0xa9fea9fe', '2852039166', '0251.0376.0251.0376'],
  ...[
    '169.254.43518',
    '169.254.170.2',
    '169.254.169.254.',
    '１６９.254.169.254',
    '[::ffff:169.254.169.254]',
    '192.0.0.192',
  ],
  ...[
    '[::ffff:a9fe:a9fe]',
    '[64:ff9b::a9fe:a9fe]',
    '[fd00:ec2::254]',
    '[fd20:ce::254]',
    '[fe80::1]',
    '[fc00::1]',
    '[fec0::1]',
  ],
  ...[
    '[ff02::1]',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
    '192.88.99.1',
  ],
  // Names: the resolver of the tests says that they are this machine.
  ...['metadata.google.internal', 'instance-data', 'kubernetes.default.svc', 'host.docker.internal', 'ip6-localhost'],
  ...[
    '127.0.0.1.nip.io',
    '7f000001.rbndr.us',
    'localtest.me',
    'spoofed.burpcollaborator.net',
    'bücher.example',
    'xn--bcher-kva.example',
  ],
];

/** A way to write an address; `:port` is that of the canary. */
export type Form = (port: number) => string;

const ofHost =
  (host: string): Form =>
  (port) =>
    `http://${host}:${port}/a.jpg`;

/** Ways to begin an address that some parser or other takes for the beginning of another one. */
const STARTS = [
  ...[
    'http:\\\\127.0.0.1',
    'http:/127.0.0.1',
    'http:127.0.0.1',
    'http:///127.0.0.1',
    'http:\\/127.0.0.1',
    'HTTP://127.0.0.1',
  ],
  ...[
    'https://127.0.0.1',
    'hTtPs://[::1]',
    ' http://127.0.0.1',
    '\thttp://127.0.0.1',
    '\u00a0http://127.0.0.1',
    'http://\t127.0.0.1',
  ],
  ...[
    'ht\ntp://127.0.0.1',
    'http://127.0.\t0.1',
    'http://127.0.0.1\0.example',
    'http://127.0.0.1\r\nX-Injected: 1',
    'http://1\n27.0.0.1',
  ],
  ...[
    '//127.0.0.1',
    '\\\\127.0.0.1',
    '/\\127.0.0.1',
    '///127.0.0.1',
    'http://public.example\\@127.0.0.1',
    'http://127.0.0.1\\@public.example',
  ],
  ...[
    'http://127.0.0.1#@public.example',
    'http://127.0.0.1?@public.example',
    'http://public.example#@127.0.0.1',
    'http://127.0.0.1 .example',
  ],
  ...[
    'http://a b@127.0.0.1',
    'http://127.0.0.1/@public.example',
    'http://public.example;127.0.0.1',
    'http://127.0.0.1,public.example',
  ],
  ...[
    'ftp://127.0.0.1',
    'ws://127.0.0.1',
    'gopher://127.0.0.1',
    'dict://127.0.0.1',
    'ldap://127.0.0.1',
    'jar:http://127.0.0.1',
  ],
  ...[
    'view-source:http://127.0.0.1',
    'blob:http://127.0.0.1',
    'url:http://127.0.0.1',
    'http+unix://127.0.0.1',
    'unix:/127.0.0.1',
  ],
  ...['x-http://127.0.0.1', 'http\u200b://127.0.0.1', 'ｈttp://127.0.0.1', 'http：//127.0.0.1', 'http:／／127.0.0.1'],
].map(
  (start): Form =>
    (port) =>
      `${start}:${port}/a.jpg`,
);

const OTHERS: Form[] = [
  () => 'http://127.0.0.1/a.jpg',
  () => 'https://127.0.0.1/a.jpg',
  () => 'http://127.0.0.1:/a.jpg',
  (port) => `http://127.0.0.1:0${port}/a.jpg`,
  (port) => `http://127.0.0.1:${port + 65_536}/a.jpg`,
  (port) => `http://127.0.0.1:+${port}/a.jpg`,
  (port) => `http://127.0.0.1:0x${port.toString(16)}/a.jpg`,
  (port) =>
    `http://127.0.0.1:${String(port).replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))}/a.jpg`,
  (port) => `http://127.0.0.1%3a${port}/a.jpg`,
  (port) => `http://127.0.0.1:${port}\\a.jpg`,
  (port) => `http://127.0.0.1:${port}`,
  (port) => `http://127.0.0.1:${port}?a.jpg`,
  (port) => `http://127.0.0.1:${port}#a.jpg`,
  (port) => `http://127.0.0.1:${port}/%2e%2e/%0d%0aHost:%20public.example`,
  () => 'file:///etc/passwd',
  () => 'file://127.0.0.1/etc/passwd',
  () => 'FILE:/etc/passwd',
  () => 'data:image/gif;base64,R0lGODlhAQABAAAAACw=',
  () => 'javascript:alert(1)',
  () => '../1.jpg',
  () => '/etc/passwd',
  () => 'http://',
  () => 'http:///',
  () => 'http://:80/',
  () => 'http://.',
  () => 'http://../',
];

const HOSTS = [...LOOPBACK, ...LOOPBACK_IN_OTHER_LETTERS, ...LOOPBACK_IN_IPV6, ...WITH_SOMEBODY, ...INSIDE];

export const FORMS: readonly Form[] = [...HOSTS.map(ofHost), ...STARTS, ...OTHERS];
