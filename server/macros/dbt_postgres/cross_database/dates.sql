{# Date arithmetic on Postgres, which has intervals but neither dateadd nor datediff. #}

{% macro postgres__dateadd(datepart, interval, from_date_or_timestamp) %}

    {{ from_date_or_timestamp }} + ((interval '1 {{ datepart }}') * ({{ interval }}))

{% endmacro %}


{# Counts the boundaries between the two: one year from 31 December to 1 January. Each part builds on a coarser one, so many
   to one, with the difference within it added. #}
{% macro postgres__datediff(first_date, second_date, datepart) -%}
    {%- set coarser = {
        'quarter': ('year', 4),
        'month': ('year', 12),
        'hour': ('day', 24),
        'minute': ('hour', 60),
        'second': ('minute', 60),
        'millisecond': ('minute', 60000),
        'microsecond': ('minute', 60000000),
    } -%}
    {%- if datepart in coarser -%}
        {%- set unit, how_many = coarser[datepart] -%}
        {%- set whole = datediff(first_date, second_date, unit) ~ ' * ' ~ how_many -%}
    {%- endif -%}

    {% if datepart == 'year' %}
        (date_part('year', ({{ second_date }})::date) - date_part('year', ({{ first_date }})::date))
    {% elif datepart in ['quarter', 'month'] %}
        ({{ whole }} + date_part('{{ datepart }}', ({{ second_date }})::date) - date_part('{{ datepart }}', ({{ first_date }})::date))
    {% elif datepart == 'week' %}
        ({{ datediff(first_date, second_date, 'day') }} / 7 + case
            when date_part('dow', ({{ first_date }})::timestamp) <= date_part('dow', ({{ second_date }})::timestamp) then
                case when {{ first_date }} <= {{ second_date }} then 0 else -1 end
            else
                case when {{ first_date }} <= {{ second_date }} then 1 else 0 end
        end)
    {% elif datepart == 'day' %}
        (({{ second_date }})::date - ({{ first_date }})::date)
    {% elif datepart in ['hour', 'minute'] %}
        ({{ whole }} + date_part('{{ datepart }}', ({{ second_date }})::timestamp) - date_part('{{ datepart }}', ({{ first_date }})::timestamp))
    {% elif datepart in ['second', 'millisecond', 'microsecond'] %}
        ({{ whole }} + floor(date_part('{{ datepart }}', ({{ second_date }})::timestamp)) - floor(date_part('{{ datepart }}', ({{ first_date }})::timestamp)))
    {% else %}
        {{ exceptions.raise_compiler_error("Unsupported datepart for macro datediff in postgres: {!r}".format(datepart)) }}
    {% endif %}
{%- endmacro %}


{# An interval cannot be given in quarters. #}
{% macro postgres__last_day(date, datepart) -%}

    {%- if datepart == 'quarter' -%}
    -- postgres dateadd does not support quarter interval.
    cast(
        {{ dbt.dateadd('day', '-1', dbt.dateadd('month', '3', dbt.date_trunc(datepart, date))) }}
        as date)
    {%- else -%}
    {{ dbt.default_last_day(date, datepart) }}
    {%- endif -%}

{%- endmacro %}
