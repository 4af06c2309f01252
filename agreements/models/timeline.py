"""What this room adds to the Verlauf beside conversations: outcomes of steps told later, and sheets handed over.

Will, resources and agreement stand in the entry of the conversation that brought them.
"""

TITLES = {"outcome": "Schritt: {0}", "handout": "Vereinbarung mitgegeben: {0}. Fassung"}

# The columns are those of casework.models.timeline.
BRANCHES = {
    "outcome": """
        (SELECT o.at, 'outcome', o.id, o.by_id,
                CASE o.outcome WHEN 'done' THEN 'erledigt' WHEN 'different' THEN 'anders gekommen'
                     ELSE 'passt nicht mehr' END,
                CASE WHEN o.text = '' THEN s.text ELSE s.text || ' – ' || o.text END, false, o.at, '', NULL, NULL, ''
          FROM agreements_stepoutcome AS o JOIN agreements_agreementstep AS s ON s.id = o.step_id
         WHERE o.case_id = %(case)s AND o.contact_id IS NULL AND s.text <> '' AND (o.at, o.id) < (%(at)s, %(pk)s)
         ORDER BY o.at DESC, o.id DESC LIMIT %(limit)s)""",
    "handout": """
        (SELECT h.at, 'handout', h.id, h.by_id, a.number::text, '', false, h.at, '', NULL, NULL, ''
          FROM agreements_agreementhandout AS h JOIN agreements_agreement AS a ON a.id = h.agreement_id
         WHERE h.case_id = %(case)s AND (h.at, h.id) < (%(at)s, %(pk)s)
         ORDER BY h.at DESC, h.id DESC LIMIT %(limit)s)""",
}
