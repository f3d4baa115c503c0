{# One spelling for a name that sources write as `Viewed Showtime`, `VIEWED-SHOWTIME` or `viewed_showtime`. #}
{% macro snake_case(text) -%}
    regexp_replace(lower({{ text }}), '[\s_-]+', '_', 'g')
{%- endmacro %}
