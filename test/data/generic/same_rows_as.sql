{#
    Rows that only one of two relations with the same columns has, repetitions counted. On an incremental model
    whose input computes from scratch, this is the proof that the model equals its own full refresh.
#}
{% test same_rows_as(model, compare_to) %}

with missing as (

    select * from {{ compare_to }}
    except all
    select * from {{ model }}

),

surplus as (

    select * from {{ model }}
    except all
    select * from {{ compare_to }}

)

select 'missing' as problem, * from missing
union all
select 'surplus' as problem, * from surplus

{% endtest %}
