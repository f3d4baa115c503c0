{# Dates worked out while rendering (not by the database): parsing, listing a range, stamping. #}

{% macro convert_datetime(date_str, date_fmt) %}
    {% set complaint -%}
        The provided partition date '{{ date_str }}' does not match the expected format '{{ date_fmt }}'
    {%- endset %}
    {{ return(try_or_compiler_error(complaint, modules.datetime.datetime.strptime, date_str.strip(), date_fmt)) }}
{% endmacro %}


{# Every day from start to end, both included; text in `out_fmt`, or datetime values if that is empty. #}
{% macro dates_in_range(start_date_str, end_date_str=none, in_fmt="%Y%m%d", out_fmt="%Y%m%d") %}
    {% set first = convert_datetime(start_date_str, in_fmt) %}
    {% set last = convert_datetime(start_date_str if end_date_str is none else end_date_str, in_fmt) %}
    {% set days = (last - first).days %}
    {% if days < 0 %}
        {{ exceptions.raise_compiler_error(
            "Partition start date is after the end date (" ~ first ~ ", " ~ last ~ ")", model
        ) }}
    {% endif %}

    {% set dates = [] %}
    {% for offset in range(days + 1) %}
        {% set day = first + modules.datetime.timedelta(days=offset) %}
        {% do dates.append(day.strftime(out_fmt) if out_fmt else day) %}
    {% endfor %}
    {{ return(dates) }}
{% endmacro %}


{# Accepts "start" or "start,end". #}
{% macro partition_range(raw_partition_date, date_fmt='%Y%m%d') %}
    {% set ends = (raw_partition_date | string).split(',') %}
    {% if ends | length > 2 %}
        {{ exceptions.raise_compiler_error(
            "Invalid partition time. Expected format: {Start Date}[,{End Date}]. Got: " ~ raw_partition_date
        ) }}
    {% endif %}
    {{ return(dates_in_range(ends[0], ends[1] if ends | length == 2 else none, in_fmt=date_fmt)) }}
{% endmacro %}


{# Local time down to the microsecond, for names that must not collide. #}
{% macro py_current_timestring() %}
    {{ return(modules.datetime.datetime.now().strftime("%Y%m%d%H%M%S%f")) }}
{% endmacro %}
