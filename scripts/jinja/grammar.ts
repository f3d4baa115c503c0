/**
 * What is generated, as a grammar by type: `<int>` stands for any expression of that type. A production that begins with `^` holds an
 * operator and is mostly put into brackets; the first productions of a type are its leaves, up to the empty text.
 */

export type Grammar = Readonly<Record<string, readonly string[]>>;

function words(text: string): string[] {
  return text.trim().split(/\s+/u);
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Leaves, then the rest. */
function type(leaves: readonly string[], rest: string): string[] {
  return [...leaves, '', ...lines(rest)];
}

const expressions: Grammar = {
  idx: type(
    words('0 1 2 3 -1 -2 4 5 7 10 n0 n3 True False'),
    `<any>|length
    <list>|length
    ^<idx> + <idx>
    ^<idx> - 1
    -<idx>
    <list>.index(<any>)
    <slist>.index(<str>)
    <str>.find(<str>)
    <str>.count(<str>)
    <list>.count(<any>)
    <str>|wordcount
    (<idx> if <bool> else <idx>)`,
  ),
  int: type(
    words(
      '0 1 2 3 -1 17 100 255 1000000 n3 neg big 0x1f 0b101 0o17 1_000 True False 4611686018427387904 9007199254740993 -4',
    ),
    `^<int> + <int>
    ^<int> - <int>
    ^<int> * <int>
    ^<int> // <int>
    ^<int> % <int>
    ^<int> ** <small>
    ^<bool> + <int>
    -<int>
    +<int>
    <num>|int
    <str>|int
    <str>|int(<idx>)
    <str>|int(default=<int>, base=<base>)
    <str>|int(base=<base>)
    <int>|abs
    <ilist>|sum
    <ilist>|max
    <ilist>|min
    <ilist>|first
    <ilist>|last
    <ilist>[<idx>]
    <ilist>.pop()
    <ilist>.pop(<idx>)
    <range>[<idx>]
    <dlist>|sum(attribute='a')
    <ilist>|sum(start=<int>)
    <int>.bit_length()
    <int>.bit_count()
    <int>.conjugate()
    <int>.numerator
    <int>.denominator
    <int>.real
    <int>.imag
    <int>|round|int
    (<int> if <bool> else <int>)
    <idx>`,
  ),
  small: type(words('0 1 2 3 4 5 n0 n3 -1 -2'), `<idx>`),
  base: words('2 8 10 16 36 0 3 1 37'),
  float: type(
    words(
      '1.5 0.1 -0.0 2.5 3.14159 1e3 1e16 1e-5 123456789.123456789 0.5 1.0 -2.5 f fz fr huge tiny inf nan 1_0.2_5 5e-324 1e22 12345.678 1e15',
    ),
    `^<float> + <num>
    ^<num> - <float>
    ^<float> * <num>
    ^<num> / <num>
    ^<float> // <num>
    ^<float> % <num>
    ^<num> % <float>
    ^<float> ** <small>
    -<float>
    <float>|round
    <float>|round(<idx>)
    <num>|round(<idx>, <method>)
    <num>|round(method=<method>)
    <int>|round(<idx>)
    <num>|float
    <str>|float
    <str>|float(<num>)
    <float>|abs
    <flist>|sum
    <flist>|max
    <flist>|min
    <float>.real
    <float>.imag
    <float>.conjugate()
    (<float> if <bool> else <num>)`,
  ),
  num: type(
    words('0 1 -1 2.5 n3 f big neg True'),
    `<int>
    <float>
    <int>
    <float>`,
  ),
  method: words("'common' 'ceil' 'floor' 'common' 'ceil' 'floor' 'up' ''"),
  bool: type(
    words('True False true false yes no'),
    `^<num> < <num>
    ^<num> >= <num>
    ^<str> < <str>
    ^<str> <= <str>
    ^<list> > <list>
    ^<tuple> < <tuple>
    ^<any> == <any>
    ^<any> != <any>
    ^<int> == <float>
    ^<int> < <int> < <int>
    ^<any> == <any> != <any>
    ^<num> <= <num> >= <num> == <num>
    ^<bool> and <bool>
    ^<bool> or <bool>
    ^not <any>
    ^<any> in <list>
    ^<str> in <str>
    ^<str> not in <str>
    ^<any> in <dict>
    ^<int> in <range>
    ^<any> not in <iter>
    ^<any> is <test>
    ^<any> is not <test>
    ^<num> is <numtest>
    ^<str> is <strtest>
    ^<any> is <test> and <bool>
    ^<any> is eq <any>
    ^<any> is sameas <any>
    ^<num> is gt <num>
    ^<any> is in <list>
    ^<num> is divisibleby <int>
    ^<name> is defined
    ^<name> is undefined
    <str>.startswith(<str>)
    <str>.endswith(<str>)
    <str>.startswith((<str>, <str>))
    <str>.endswith(<str>, <idx>)
    <str>.startswith(<str>, <idx>, <idx>)
    <str>.<isword>()
    <float>.is_integer()
    <set>.issubset(<set>)
    <set>.issuperset(<list>)
    <set>.isdisjoint(<list>)
    ^<set> <cmp> <set>`,
  ),
  cmp: words('< <= > >= == !='),
  test: words(
    `boolean callable defined false float integer iterable lower mapping none number sequence string true undefined upper
    filter test escaped even odd eq(<any>) ne(<any>) lt(<any>) le(<any>) gt(<any>) ge(<any>) in(<list>) sameas(<any>) equalto(<any>)
    divisibleby(<int>) lessthan(<num>) greaterthan(<num>) defined()`,
  ),
  numtest: words(
    'even odd number integer float boolean divisibleby(3) divisibleby(<int>) gt(<num>) le(<num>) eq(<num>) ne(<num>) in(<ilist>)',
  ),
  strtest: words('upper lower string filter test in(<slist>) eq(<str>) sequence iterable callable lt(<str>)'),
  isword: words(
    'isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper',
  ),
  none: [
    'none',
    'None',
    'none',
    '',
    '<list>.append(<any>)',
    '<dict>.get(<any>)',
    '<list>.reverse()',
    '<list>.sort()',
    '<dict>.update(<dict>)',
  ],
  char: ["'*'", "' '", "'0'", "'é'", "'-'", "'a'", "'x'", "'😀'"],
  str: type(
    [
      ...words(
        "s sl su se empty html csv digits sf 'a' 'b' 'abc' '' 'A' 'Hello' '12' '-3' '1.5' '1e3' '0x1f' \"it's\" 'a-b_c' 'ß' 'Ab1'",
      ),
      "'a b  c'",
      "'x\\ty\\nz'",
      "'\\'q\\''",
      "'\\x41\\u00e9'",
      "'a' 'b'",
      "' pad '",
      "'one two three four'",
      "'%s'",
      "'{}'",
      "'a\\\\b'",
      "'1_000'",
      "'TRUE'",
      "'héllo wörld'",
      "'foo, bar; baz'",
      "'line1\\r\\nline2\\n\\nline3'",
    ],
    `^<str> ~ <any>
    ^<any> ~ <any> ~ <any>
    ^<str> + <str>
    ^<str> * <idx>
    ^<idx> * <str>
    ^<percent>
    <format>
    <str>[<idx>]
    <str>[<slice>]
    <str>[<slice>]
    <str>.upper()
    <str>.lower()
    <str>.title()
    <str>.capitalize()
    <str>.swapcase()
    <str>.casefold()
    <str>.center(<idx>)
    <str>.center(<idx>, <char>)
    <str>.ljust(<idx>, <char>)
    <str>.rjust(<idx>)
    <str>.zfill(<idx>)
    <str>.strip()
    <str>.lstrip(<str>)
    <str>.rstrip(<str>)
    <str>.strip(<str>)
    <str>.replace(<str>, <str>)
    <str>.replace(<str>, <str>, <idx>)
    <str>.removeprefix(<str>)
    <str>.removesuffix(<str>)
    <str>.join(<slist>)
    <str>.join(<str>)
    <str>.expandtabs()
    <str>.expandtabs(<idx>)
    <str>.encode().decode()
    <str>.translate(<dict>)
    <any>|string
    <str>|upper
    <any>|lower
    <str>|title
    <str>|capitalize
    <str>|trim
    <str>|trim(<str>)
    <str>|replace(<str>, <str>)
    <str>|replace(<str>, <str>, <idx>)
    <any>|replace(<any>, <any>)
    <str>|center(<idx>)
    <str>|center
    <str>|indent
    <str>|indent(<idx>, <bool>)
    <str>|indent(width=<str>, blank=<bool>)
    <str>|indent(<idx>, first=<bool>, blank=<bool>)
    <str>|truncate(<idx>)
    <str>|truncate(<idx>, <bool>, <str>)
    <str>|truncate(length=<idx>, leeway=<idx>, end=<str>)
    <str>|wordwrap(<idx>)
    <str>|wordwrap(<idx>, <bool>, <str>)
    <str>|wordwrap(width=<idx>, break_on_hyphens=<bool>)
    <str>|striptags
    <str>|e
    <any>|escape
    <str>|forceescape
    <str>|safe
    <any>|urlencode
    <dict>|urlencode
    <str>|urlize
    <str>|reverse
    <any>|tojson
    <any>|tojson(indent=<idx>)
    <any>|pprint
    <num>|filesizeformat
    <num>|filesizeformat(<bool>)
    <dict>|xmlattr
    <dict>|xmlattr(<bool>)
    <list>|join
    <list>|join(<str>)
    <dlist>|join(', ', attribute='a')
    <list>|join(d=<any>)
    <slist>|first
    <slist>|last
    <slist>|max
    <slist>|min
    <slist>[<idx>]
    <str>|first
    <str>|last
    <any>|default(<str>)
    <name>|d(<str>)
    <str>|default(<any>, <bool>)
    <str>|map('upper')|join
    <str>|list|join(<str>)
    <str>|sort|join
    <str>|unique|join(',')
    (<str> if <bool> else <str>)
    (<str> if <bool>)`,
  ),
  slice: type(
    words(': <idx>: :<idx> ::-1 ::2 <idx>:<idx>'),
    `<idx>:<idx>:<idx>
    :<idx>:-1
    none:<idx>
    -3:
    <idx>::<idx>
    ::<idx>`,
  ),
  percent: lines(
    `'%s' % <any>
    '%r' % <any>
    '%s and %s' % (<any>, <any>)
    '<pspec>' % <num>
    '<pspec>|<pspec>' % (<num>, <num>)
    '%<pflags>d' % <num>
    '%<pflags><pwidth>s' % <str>
    '%(a)s %(b)r' % <dict>
    '%(a)05d' % {'a': <int>}
    '%*d' % (<idx>, <int>)
    '%-*.*f|' % (<idx>, <idx>, <num>)
    '%c' % <int>
    '%c' % <char>
    '%a' % <str>
    '100%%' % ()
    '%<pflags><pwidth>x' % <int>
    '<pspec>'|format(<num>)
    '%s-%s'|format(<any>, <any>)
    '%(x)s'|format(x=<any>)
    <str> % <any>`,
  ),
  pspec: ['%<pflags><pwidth><pprec><ptype>'],
  pflags: ['', '', '-', '0', '+', ' ', '#', '+0', '-#', ' 0'],
  pwidth: ['', '', '5', '10', '1', '3'],
  pprec: ['', '', '.0', '.1', '.2', '.5', '.10', '.'],
  ptype: words('d i f F e E g G s r x X o u a c q'),
  format: lines(
    `'{}'.format(<any>)
    '{} {}'.format(<any>, <any>)
    '{1}-{0}'.format(<any>, <any>)
    '{0[0]} {0[1]}'.format(<list>)
    '{a} {b!r}'.format(a=<any>, b=<any>)
    '{0[a]}'.format(<dict>)
    '{x.y}'.format(x=<dict>)
    '{!r:>10}'.format(<str>)
    '{!s:^<pwidth>}'.format(<any>)
    '{!a}'.format(<str>)
    '{:<fspec>}'.format(<num>)
    '{:<fspec>}'.format(<num>)
    '{:<fspec>}'.format(<num>)
    '{:<sspec>}'.format(<str>)
    '{:{}}'.format(<str>, <idx>)
    '{:{w}.{p}f}'.format(<num>, w=<idx>, p=<idx>)
    '{{}} {}'.format(<any>)
    '{:<fspec>}'.format(<any>)
    '{a}{b}'.format(**<dict>)
    '{}{}'.format(*<list>)
    <str>.format(<any>)
    '{a}'.format_map(<dict>)
    '{0.real} {0.imag}'.format(<num>)
    '{x[k]!r}'.format(x=dn)
    '{'.format(<any>)
    '}'.format(<any>)
    '{0} {}'.format(<any>)
    '{!x}'.format(<any>)
    '{a.b.c}'.format(a=<any>)`,
  ),
  fspec: ['<ffill><fsign><falt><fwidth><fgroup><fprec><ftype>'],
  ffill: ['', '', '', '<', '>', '^', '=', '*<', '0=', ' ^', 'é>', '0'],
  fsign: ['', '', '', '+', '-', ' '],
  falt: ['', '', '', '', '#'],
  fwidth: ['', '', '8', '12', '1', '08'],
  fgroup: ['', '', '', ',', '_'],
  fprec: ['', '', '.0', '.1', '.2', '.5', '.10'],
  ftype: ['', '', 'd', 'f', 'F', 'e', 'E', 'g', 'G', '%', 'n', 'x', 'X', 'o', 'b', 'c', 's', 'q'],
  sspec: ['<ffill><fwidth><fprec>s', '<ffill><fwidth><fprec>', '<ffill><fwidth>', '.2'],
  list: type(
    words('[] [1,2,3] li ls lm ll le lf [<any>] [<any>,<any>] [<any>,<any>,<any>]'),
    `<ilist>
    <slist>
    <dlist>
    ^<list> + <list>
    ^<list> * <idx>
    <list>[<slice>]
    <any>|list
    <iter>|list
    <iter>|list
    <str>|list
    <dict>|list
    <dict>.items()|list
    <dict>.keys()|list
    <dict>.values()|list
    <dict>|dictsort
    <dict>|dictsort(<bool>, <by>, <bool>)
    <dict>|items|list
    <list>|sort
    <list>|batch(<idx>)|list
    <list>|batch(<idx>, <any>)|list
    <list>|slice(<idx>)|list
    <list>|slice(<idx>, <any>)|list
    <list>|unique|list
    <list>|reverse|list
    <list>.copy()
    <str>.split()
    <str>.split(<str>)
    <dlist>|groupby('a')
    <dlist>|groupby('b', default=<any>)
    <slist>|groupby(<idx>)
    <list>|map('default', <any>)|list
    <list>|map(<fname>)|list
    <list>|select(<tname>)|list
    <list>|reject(<tname>)|list
    <list>|select|list
    <any>|default(<list>)
    (<list> if <bool> else <list>)
    <str>.partition(<str>)|list
    [<list>, <list>]|sum(start=[])`,
  ),
  by: ["'key'", "'value'", "'key'", "'value'", "'x'"],
  fname: words(
    "'upper' 'string' 'int' 'abs' 'length' 'title' 'first' 'list' 'float' 'tojson' 'lower' 'round' 'nope' 'e' 'capitalize' 'join'",
  ),
  tname: words(
    "'string' 'number' 'none' 'odd' 'defined' 'mapping' 'sequence' 'iterable' 'upper' 'integer' 'eq',1 'in',<list> 'gt',2 'true' 'nope'",
  ),
  ilist: type(
    words('[3,1,2] [] [0] [-5,10,10,2] li [1,2,3,4,5,6]'),
    `[<int>, <int>, <int>]
    <range>|list
    <ilist>|sort
    <ilist>|sort(reverse=<bool>)
    <ilist>[<slice>]
    ^<ilist> + <ilist>
    <ilist>|map('abs')|list
    <ilist>|select('odd')|list
    <ilist>|reject('divisibleby', 2)|list
    <dlist>|map(attribute='a')|list
    <slist>|map('length')|list
    <set>|sort
    <ilist>|unique|list`,
  ),
  flist: type(
    ['[1.5, 2.5]', 'lf', '[0.1]*3', '[]'],
    `[<float>, <num>]
    <slist>|map('float')|list
    <ilist>|map('float')|list
    <flist>|sort`,
  ),
  slist: type(
    words("['b','A','c'] [] ['x'] ls ['a','B','a','c','C']"),
    `[<str>, <str>]
    [<str>, <str>, <str>]
    <str>.split(<str>)
    <str>.split()
    <str>.rsplit(<str>, <idx>)
    <str>.split(<str>, <idx>)
    <str>.split(maxsplit=<idx>)
    <str>.splitlines()
    <str>.splitlines(<bool>)
    <str>|list
    <slist>|sort
    <slist>|sort(case_sensitive=<bool>)
    <slist>|sort(reverse=true)
    <slist>|map('upper')|list
    <slist>|select('in', <slist>)|list
    <slist>|unique|list
    <slist>|unique(<bool>)|list
    <slist>[<slice>]
    ^<slist> + <slist>
    <slist>|map('replace', <str>, <str>)|list
    <slist>|map('trim')|list
    <dict>|map('string')|list
    <dlist>|map(attribute='b', default=<str>)|list
    <any>|pprint|list`,
  ),
  dlist: type(
    ['ld', "[{'a': 1}]", "[{'a': 2, 'b': 'q'}, {'a': 1, 'b': 'Q'}]", '[]'],
    `[<dict>, <dict>]
    <dlist>|sort(attribute='a')
    <dlist>|sort(attribute='b')
    <dlist>|sort(attribute='a,b', reverse=<bool>)
    <dlist>|selectattr('b')|list
    <dlist>|selectattr('a', 'gt', <num>)|list
    <dlist>|rejectattr('b', 'defined')|list
    <dlist>|selectattr('c.d', 'defined')|list
    <dlist>|selectattr('a', <tname>)|list
    <dlist>|unique(attribute='a')|list
    [<dlist>|max(attribute='a')]
    [<dlist>|min(attribute='b', case_sensitive=<bool>)]`,
  ),
  tuple: type(
    words('() (1,) (1,2) t t0 t1 (<any>,) (<any>,<any>) (<any>,<any>,<any>)'),
    `^<tuple> + <tuple>
    ^<tuple> * <idx>
    <tuple>[<slice>]
    <str>.partition(<str>)
    <str>.rpartition(<str>)
    <dict>.items()|first
    <float>.as_integer_ratio()
    <int>.as_integer_ratio()
    <dlist>|groupby('a')|first
    <dict>|items|first
    (<tuple> if <bool> else <tuple>)`,
  ),
  key: type(
    words("'a' 'b' 'x' 1 'k' none 2.5 True (1,2) 'items' 'keys' 1.0"),
    `<str>
    <int>
    <tuple>`,
  ),
  dict: type(
    [
      '{}',
      "{'a': 1}",
      'd',
      'dn',
      'dm',
      'de',
      "{'b': 2, 'a': <any>}",
      '{<key>: <any>}',
      '{<key>: <any>, <key>: <any>}',
    ],
    `dict(a=<any>, b=<any>)
    dict(<dict>, c=<any>)
    dict([(<key>, <any>)])
    dict(<dict>.items())
    <dict>.copy()
    <dict>.fromkeys(<list>)
    <dict>.fromkeys(<slist>, <any>)
    <dict>.get('x', {})
    <any>|default(<dict>)
    dict(<slist>)
    (<dict> if <bool> else <dict>)
    <dlist>|first
    <dlist>|last`,
  ),
  set: type(
    ['st', 'st', 'st1'],
    `<set>.copy()
    <set>.union(<set>)
    <set>.intersection(<set>)
    <set>.difference(<set>)
    ^<set> - <set>
    <set>.symmetric_difference(<set>)`,
  ),
  range: type(
    words('range(3) range(0) range(1,5) range(10,0,-3) range(5,1) range(2,20,4)'),
    `range(<idx>)
    range(<idx>, <idx>)
    range(<idx>, <idx>, <idx>)
    range(10)[<slice>]`,
  ),
  iter: type(
    words('range(3) [1,2]|map("string")'),
    `<list>|map(<fname>)
    <slist>|map('upper')
    <list>|select(<tname>)
    <dlist>|map(attribute='a')
    <list>|batch(<idx>)
    <list>|slice(<idx>)
    <dict>.items()
    <dict>.keys()
    <dict>.values()
    <list>|reverse
    <str>|reverse
    <list>|unique
    <dict>|items
    <range>
    <tuple>
    <str>
    <list>`,
  ),
  undef: type(
    ['missing', 'd.nope', 'li[99]', "'x'.nope", '(1 if false)', '[]|first', "{}['a']"],
    `<dict>[<key>]
    <any>.nope
    <any>['nope']
    <undef>.more
    <undef>['k']
    <undef>()
    <list>[<idx>]
    <any>|attr(<str>)`,
  ),
  attribute: lines(
    `<dict>.a
    <dict>.b
    <dict>['a']
    <dict>.get(<key>, <any>)
    <dict>.get(<key>)
    <dict>[<key>]
    <dict>.pop(<key>, <any>)
    <dict>.pop(<key>)
    <dict>.setdefault(<key>, <any>)
    <dict>.popitem()
    dn.x.y.z
    dn['x'].y['z']
    <dlist>[<idx>].a
    <list>.<idx>
    <list>|first
    <list>|last
    <tuple>[<idx>]
    <tuple>|first
    <tuple>.count(<any>)
    <tuple>.index(<any>)
    <dlist>|map(attribute='c.d')|list
    <dict>|attr('a')
    <str>|attr('upper')
    <list>|max
    <list>|min
    <list>|sum
    <dict>|length
    <list>|count
    <any>|abs
    <any>|int
    <any>|float
    <any>|round
    <any>|first
    <any>|last
    <any>|list
    <any>|length
    <any>|sort
    <any>|sum
    <any>|join(<any>)
    <any>|items|list
    <any>|title
    <any>|trim
    <any>|truncate(<any>)
    <any>|indent
    <any>|wordwrap
    <any>|wordcount
    <any>|dictsort
    <any>|unique|list
    <any>|batch(<any>)|list
    <any>|map(<any>)|list
    <any>|select(<any>)|list
    <any>|format(<any>)
    <any>|reverse
    <any>|reverse|list
    <any>|filesizeformat
    <any>|xmlattr
    <any>|striptags
    [<any>]|random
    <any>|groupby(<any>)
    <any>|center(<any>)
    <any>|replace(<any>, <any>)
    <any>|attr(<any>)
    <any>|min
    <any>|max
    <any>|slice(<any>)|list
    <any>|default(<any>, <any>)
    <any>|tojson(<any>)
    <any>|map(attribute=<any>)|list
    <any>|selectattr(<any>)|list
    <any>|rejectattr(<any>, <tname>)|list
    <any>|sum(attribute=<any>)
    <any>|sort(attribute=<any>)
    <any>|first(<any>)
    <any>|nosuchfilter
    <any>.<anymethod>(<any>)
    <any>.<anymethod>(<any>, <any>)
    <any>.<anymethod>()
    <any>.<anymethod>(x=<any>)
    <any>.<anymethod>
    <str>.<strmethod>(<any>)
    <str>.<strmethod>(<any>, <any>)
    <str>.<strmethod>()
    <str>.<strmethod>(<str>, <any>, <any>)
    <list>.<listmethod>(<any>)
    <list>.<listmethod>()
    <list>.<listmethod>(<any>, <any>)
    <dict>.<dictmethod>(<any>)
    <dict>.<dictmethod>()
    <dict>.<dictmethod>(<any>, <any>)
    <set>.<setmethod>(<any>)
    <set>.<setmethod>()
    <set>|<setfilter>
    <any>(<any>)
    <any>[<any>]
    <any>[<slice>]
    <any>[<any>:<any>]
    cycler(<any>, <any>).next()
    cycler(<any>, <any>).current
    joiner(<str>)()
    namespace(a=<any>).a
    namespace(<dict>).b
    namespace(a=1)
    range(<any>)
    range(<any>, <any>, <any>)
    dict(<any>)
    dict(<any>, a=<any>)
    (<list>|batch(2)|first)[0]
    <str>.encode()
    <str>.encode('ascii')
    <str>.encode(<any>)
    <str>.maketrans('a', 'b')
    <any>.__class__
    <any>.__init__
    <any>._private
    <any>['__class__']
    <any>|attr('__class__')
    ^-<any>
    ^+<any>
    ^<any> + <any>
    ^<any> - <any>
    ^<any> * <idx>
    ^<any> / <any>
    ^<any> // <any>
    ^<any> % <any>
    ^<any> < <any>
    ^<any> >= <any>
    ^<any> in <any>
    ^<any> and <any>
    ^<any> or <any>
    ^<any> ~ <any>
    (<any> if <any>)
    (<any> if <any> else <any>)
    -<small> ** <small>
    2 ** <small> ** <small>
    <int>|string|length
    not <any> in <list>
    <int> + <int>|abs
    <int> - -<int>
    <str> ~ <int> + <int>
    <int> * <int> + <int> // <int> % <int>
    <bool> or <bool> and not <bool>
    not <bool> == <bool>
    <int> if <bool> else <int> if <bool> else <int>
    [<any>, <any>,]
    {<key>: <any>,}
    <any>, <any>
    <any>,`,
  ),
  anymethod: words(
    `upper append get items keys join split count index format strip pop copy values sort replace center real is_integer add
    union nope clear update lower extend insert remove reverse title encode startswith find __len__ __class__ conjugate numerator`,
  ),
  strmethod: words(
    `capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii isdecimal isdigit
    isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix
    replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill`,
  ),
  listmethod: words('append clear copy count extend index insert pop remove reverse sort'),
  dictmethod: words('clear copy fromkeys get items keys pop popitem setdefault update values'),
  setmethod: words(
    'add clear copy discard isdisjoint issubset issuperset remove update difference_update intersection_update',
  ),
  setfilter: words('length list sort sum max min first string join tojson pprint'),
  name: words('a b c x y k v item n missing s d li none'),
  any: type(
    words('0 1 -1 2.5 True none s li d t n3 f le empty missing big ls dn html ld lm x a se'),
    `<int>
    <float>
    <str>
    <str>
    <bool>
    <none>
    <list>
    <dict>
    <tuple>
    <undef>
    <range>
    <attribute>
    <attribute>
    <attribute>
    <name>
    <setvalue>
    <iter>`,
  ),
  setvalue: ['(<set>|sort)', '(<set>|length)', '(<set>|max)', '(<any> in <set>)', 'st', 'st1'],
};

/** Whole templates: `<o>` and `<c>` are delimiters of a tag with or without whitespace control. */
const templates: Grammar = {
  o: ['{%', '{%', '{%', '{%', '{%-', '{%+'],
  c: ['%}', '%}', '%}', '%}', '-%}', '+%}'],
  p: ['{{ <shown> }}', '{{ <shown> }}', '{{- <shown> }}', '{{ <shown> -}}', '{{<name>}}'],
  shown: ['<name>', '<name>', '<any>', '<any>', '<str>', '<int>', '<list>', '<dict>', '<float>'],
  text: [
    '',
    ' ',
    '\n',
    'text ',
    '\n  ',
    'a\n',
    ' | ',
    '<{# note #}',
    '{#- c -#}',
    "{{ '{{' }}",
    '\t\n',
    '{% raw %}{{ x }}{% endraw %}',
    '{%- raw -%} r {%- endraw -%}',
  ],
  body: [
    '<text><p><text>',
    '<text><statement><text>',
    '<p><statement>',
    '<text><p><statement><p>',
    '<p>,',
    '<text>',
  ],
  target: ['x', 'y', 'a', 'item', 'k, v', 'a, (b, c)', 'x, y, c', '(a, b)'],
  one: ['x', 'y', 'a', 'b', 'item', 'n'],
  seq: [
    '<list>',
    '<ilist>',
    '<slist>',
    '<dlist>',
    '<iter>',
    '<range>',
    '<dict>',
    '<dict>.items()',
    '<str>',
    '<any>',
    '<ll>',
    '[(1,2),(3,4)]',
    '[(1,(2,3))]',
    '<dict>|dictsort',
  ],
  ll: ['ll', '[[1,2],[3,4]]', '[("a",1),("b",2)]', '<dict>.items()'],
  loop: words(
    'index index0 revindex revindex0 first last length depth depth0 previtem nextitem index changed(<name>) cycle("a","b") cycle(<any>,<any>,<any>) nope',
  ),
  statement: lines(
    String.raw`<o> for <one> in <seq> <c><body><o> endfor <c>
    <o> for <one> in <seq> <c>{{ <one> }}{{ loop.<loop> }}{{ "," if not loop.last }}<o> endfor <c>
    <o> for <target> in <seq> <c>{{ loop.<loop> }}<body><o> else <c>none<body><o> endfor <c>
    <o> for k, v in <dict>.items() <c>{{ k }}={{ v }};<o> endfor <c>
    <o> for k, v in <dict>|dictsort <c>{{ k ~ v }}<o> endfor <c>
    <o> for x in <seq> if <bool> <c>{{ loop.index }}{{ x }}<o> endfor <c>
    <o> for x in <ilist> if x is odd <c>{{ loop.length }}:{{ x }}<o> endfor <c>
    <o> for x in <seq> <c><o> if <bool> <c><o> break <c><o> endif <c>{{ x }}<o> endfor <c>
    <o> for x in <seq> <c><o> if loop.index is even <c><o> continue <c><o> endif <c>{{ x }} {{ loop.<loop> }}<o> endfor <c>
    <o> for x in <ll> <c><o> for y in x <c>{{ loop.index }}{{ y }}<o> endfor <c>{{ loop.<loop> }}<o> endfor <c>
    <o> for x in <ll> <c><o> set outer = loop <c><o> for y in x <c>{{ outer.index }}.{{ loop.index }}<o> endfor <c><o> endfor <c>
    <o> for x in [1,[2,[3,4]],5] recursive <c><o> if x is iterable <c>({{ loop(x) }}{{ loop.depth }})<o> else <c>{{ x }}<o> endif <c><o> endfor <c>
    <o> for x in <ll> recursive <c>{{ loop.depth0 }}<o> if x is iterable and x is not string <c>[{{ loop(x) }}]<o> endif <c><o> endfor <c>
    {{ loop.index }}
    {{ loop }}
    <o> if <bool> <c><body><o> endif <c>
    <o> if <any> <c><body><o> else <c><body><o> endif <c>
    <o> if <bool> <c><body><o> elif <any> <c><body><o> elif <bool> <c><body><o> else <c><body><o> endif <c>
    <o> if <bool> <c><o> set <one> = <any> <c><o> endif <c>{{ <one> }}
    <o> set <one> = <any> <c>
    <o> set <one> = <shown> <c>{{ <one> }}
    <o> set <target> = <any> <c><p>
    <o> set k, v = <tuple> <c>{{ k }}{{ v }}
    <o> set a, b = <list> <c>{{ a }}{{ b }}
    <o> set a, b = b, a <c>{{ a }}{{ b }}
    <o> set <one> <c><body><o> endset <c>{{ <one> }}{{ <one>|length }}
    <o> set <one> | upper <c><body><o> endset <c>{{ <one> }}
    <o> set <one> | trim | replace("a", "bc") <c><body><o> endset <c>{{ <one>|tojson }}
    <o> for <one> in <ilist> <c><o> set x = loop.index <c>{{ x }}<o> endfor <c>{{ x }}
    <o> set ns = namespace(x=<any>) <c><o> for <one> in <seq> <c><o> set ns.x = <any> <c><o> endfor <c>{{ ns.x }}
    <o> set ns = namespace(n=0) <c><o> for i in <ilist> <c><o> set ns.n = ns.n + i <c><o> endfor <c>{{ ns.n }}{{ ns.nope }}
    <o> set ns = namespace(<dict>) <c><o> set ns.a, b = <tuple> <c>{{ ns.a }}{{ ns }}
    <o> set <one>.x = <any> <c>
    <o> set ns = namespace() <c><o> set ns.t <c><body><o> endset <c>{{ ns.t|length }}
    <o> with <one> = <any> <c><body><o> endwith <c><p>
    <o> with a = <any>, b = a <c>{{ a }}{{ b }}<o> set c = a <c><o> endwith <c>{{ c }}
    <o> with <c><o> set x = <any> <c>{{ x }}<o> endwith <c>{{ x }}
    <o> filter upper <c><body><o> endfilter <c>
    <o> filter <bfilter> <c><body><o> endfilter <c>
    <o> filter trim | center(20) | replace(<str>, <str>) <c><body><o> endfilter <c>
    <o> do <list>.append(<any>) <c>
    <o> do li.append(<any>) <c>{{ li }}
    <o> do d.update({<key>: <any>}) <c>{{ d }}
    <o> do d.update(a=<any>) <c>{{ d.a }}
    <o> do ls.sort() <c>{{ ls }}<o> do ls.insert(<idx>, <any>) <c>{{ ls }}
    <o> do ls.extend(<seq>) <c>{{ ls|length }}
    <o> do <any> <c>
    <o> set it = <iter> <c>{{ it|list }}{{ it|list }}
    <o> set it = <slist>|map("upper") <c>{{ "A" in it }}{{ it|join(",") }}
    {{ caller() }}
    <o> break <c>`,
  ),
  bfilter: words(
    "lower title trim e indent(2) center(30) string replace('a','b') truncate(5) join(',') default('z') striptags tojson upper|lower wordwrap(9) capitalize urlencode forceescape reverse pprint list|join length|string",
  ),
  /** In dbt's own environment a macro gets another name, so these are for plain Jinja alone. */
  macro: lines(
    String.raw`<o> macro m(a, b=<any>, c=<any>) <c><body>{{ a }}{{ b }}{{ c }}<o> endmacro <c>{{ m(<any>) }}{{ m(<any>, <any>) }}
    <o> macro m(a, b=a) <c>{{ a }}{{ b }}<o> endmacro <c>{{ m(<any>) }}{{ m(b=<any>) }}{{ m(<any>, b=<any>) }}
    <o> macro m(a) <c>{{ a }}{{ varargs }}{{ kwargs }}<o> endmacro <c>{{ m(1, <any>) }}{{ m(<any>, z=<any>) }}
    <o> macro m(a, b) <c>{{ a }}<o> endmacro <c>{{ m(<any>, <any>, <any>) }}
    <o> macro m(a) <c>{{ a }}<o> endmacro <c>{{ m(q=<any>) }}
    <o> macro m(a) <c>{{ a }}<o> endmacro <c>{{ m(*<list>) }}{{ m(**<dict>) }}
    <o> macro m(a) <c>{{ a }}{{ varargs|length }}<o> endmacro <c>{{ m(*<list>) }}
    <o> macro m(a) <c>{{ x }}{{ a }}<o> set x = <any> <c>{{ x }}<o> endmacro <c><o> set x = <any> <c>{{ m(<any>) }}{{ x }}
    <o> macro m() <c>{{ caller(<any>) }}<o> endmacro <c><o> call(x) m() <c>{{ x }}<body><o> endcall <c>
    <o> macro m(a) <c>[{{ caller() }}{{ a }}]<o> endmacro <c><o> call m(<any>) <c><body><o> endcall <c>
    <o> macro m(a) <c>{{ caller() if caller }}<o> endmacro <c>{{ m(1) }}<o> call m(<any>) <c>c<o> endcall <c>
    <o> macro m() <c>{{ caller(1, 2) }}<o> endmacro <c><o> call(x, y=<any>, z=3) m() <c>{{ x }}{{ y }}{{ z }}<o> endcall <c>
    <o> macro m(n) <c>{{ n }}<o> if n > 0 <c>{{ m(n - 1) }}<o> endif <c><o> endmacro <c>{{ m(<idx>) }}
    <o> macro m(a) <c><o> for x in a <c>{{ loop.index }}{{ x }}<o> endfor <c><o> endmacro <c>{{ m(<seq>)|upper }}{{ m(<seq>)|length }}
    <o> macro m(x) <c><body><o> endmacro <c>{{ m.name }}{{ m.arguments }}{{ m.catch_kwargs }}{{ m.catch_varargs }}{{ m.caller }}{{ m is callable }}
    <o> macro m(x) <c>{{ x }}<o> endmacro <c><o> for x in <seq> <c>{{ m(x) }}{{ m(loop.index) }}<o> endfor <c>
    <o> macro a() <c>A<o> endmacro <c><o> macro b() <c>{{ a() }}B<o> endmacro <c>{{ b() ~ a() }}
    <o> for x in <ilist> <c><o> macro m() <c>{{ x }}<o> endmacro <c>{{ m() }}<o> endfor <c>{{ m }}
    <o> set f = m <c><o> macro m(a) <c>{{ a }}<o> endmacro <c>{{ m(<any>) + m(<any>) }}`,
  ),
};

export function grammarFor(mode: 'plain' | 'parse' | 'native'): Grammar {
  const native = ['as_bool', 'as_number', 'as_native', 'as_text'];
  const marked = native.map((filter) => `<any>|${filter}`).concat(native.map((filter) => `<str>|${filter}`));
  const attribute = expressions.attribute ?? [];
  // dbt's native renderer joins what these blocks hold without making texts of it first; docs/compatibility.md.
  const buffered = /<o> (?:filter|set ns\.t)|endset|recursive/u;
  return {
    ...expressions,
    ...templates,
    ...(mode === 'plain'
      ? { statement: [...(templates.statement ?? []), ...(templates.macro ?? [])] }
      : { attribute: [...attribute, ...marked, ...marked, '<any>|is_list'] }),
    ...(mode === 'native'
      ? { statement: (templates.statement ?? []).filter((statement) => !buffered.test(statement)) }
      : {}),
    start: [
      '{{ <top> }}',
      '{{ <top> }}',
      '{{ <top> }}',
      ...(mode === 'native'
        ? [
            '{{ <top> }}',
            '{{ <literal>|<marker> }}',
            '{{ <any>|<marker> }}',
            '<text>{{ <any> }}',
            '{{ <any> }}{{ <any> }}',
            '<lit>',
          ]
        : []),
      '<body><statement><body>',
      '<statement><statement>',
      '<statement>',
    ],
    top: [
      '<any>',
      '<str>',
      '<list>',
      '<int>',
      '<float>',
      '<bool>',
      '<dict>',
      '<attribute>',
      '<tuple>',
      '<str>',
      '<iter>|list',
      '<undef>',
      '<percent>',
      '<format>',
    ],
    marker: native,
    lit: ['1', '1.5', 'true', "'a'", '[1]', ' 1', '{{ 1 }} ', '', 'a{{ 1 }}'],
    literal: [
      "'1'",
      "'1.5'",
      "'True'",
      "'true'",
      "'None'",
      "'[1, 2]'",
      "'(1,)'",
      '"{\'a\': 1}"',
      "'{1}'",
      "'a'",
      "' 1'",
      "'-1'",
      "'1+2'",
      "'1_0'",
      "''",
      "'1 '",
      "'-True'",
      "'[1'",
      "'1.'",
      "'None '",
      '"\'q\'"',
      "'()'",
      "'...'",
      "'{}'",
      "'+-1'",
      "'1e400'",
      "'[1, [2, (3, {})]]'",
      "'0x1f'",
      "'01'",
      "'\\n1'",
      "'1\\n'",
      "'1#c'",
      '"b\'x\'"',
      "'set()'",
      "'1,2'",
      "\"'a' 'b'\"",
    ],
  };
}
