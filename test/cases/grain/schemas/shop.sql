create table customers (
  customer_id integer primary key,
  email text unique,
  region text not null,
  credit_limit numeric(10, 2)
);

create table orders (
  order_id integer primary key,
  customer_id integer not null references customers,
  ordered_at date not null,
  status text not null,
  total numeric(10, 2) not null
);

create table payments (
  payment_id integer primary key,
  order_id integer not null references orders,
  seq integer not null,
  method text not null,
  amount numeric(10, 2) not null,
  unique (order_id, seq)
);

create table products (
  product_id integer primary key,
  sku text not null unique,
  category text not null,
  price numeric(10, 2) not null
);

create table order_lines (
  order_id integer not null references orders,
  line_no integer not null,
  product_id integer not null references products,
  quantity integer not null,
  primary key (order_id, line_no)
);

create table returns (
  return_id integer primary key,
  order_id integer not null,
  line_no integer not null,
  returned_at date not null,
  quantity integer not null,
  foreign key (order_id, line_no) references order_lines
);

-- rows
insert into customers values
  (1, 'ann@example.org', 'north', 100), (2, 'bob@example.org', 'north', 70), (3, null, 'south', 50), (4, null, 'south', 50);
insert into orders values
  (1, 1, '2026-01-05', 'paid', 10), (2, 1, '2026-01-05', 'paid', 10), (3, 1, '2026-02-01', 'open', 30),
  (4, 2, '2026-01-07', 'paid', 40), (5, 3, '2026-02-02', 'open', 10);
insert into payments values
  (1, 1, 1, 'card', 4), (2, 1, 2, 'card', 6), (3, 2, 1, 'cash', 10), (4, 4, 1, 'card', 20), (5, 4, 2, 'cash', 20), (6, 4, 3, 'card', 0);
insert into products values (1, 'A', 'tools', 5), (2, 'B', 'tools', 7), (3, 'C', 'toys', 5);
insert into order_lines values
  (1, 1, 1, 2), (1, 2, 1, 1), (2, 1, 2, 1), (3, 1, 3, 4), (4, 1, 1, 1), (4, 2, 2, 1), (5, 1, 1, 1);
insert into returns values (1, 1, 1, '2026-01-20', 1), (2, 1, 1, '2026-01-25', 1), (3, 4, 2, '2026-01-20', 1);
