{# Combinations of columns that occur more than once: the test of a grain of several columns. #}
{% test unique_combination(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as repetitions
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
