"""What a report says happened where and when: the claims, the skips, and the sum of both."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from marked import marked, told

from geo import claims, dates, roles
from geo.records import EVENT_TYPES, Timex


def only(text: str, **kwargs):
    made, _ = told(text, **kwargs)
    assert len(made) == 1, [(c.place.name, c.type, c.trigger) for c in made]
    return made[0]


def days(claim):
    return (str(claim.days.first_day), str(claim.days.last_day), claim.days.basis)


# -- which day ----------------------------------------------------------------------------------------------------


def test_the_day_in_the_same_clause_dates_the_deed():
    claim = only("Russian forces shelled [Nikopol] on November 9, while rain fell on November 11.")
    assert days(claim) == ("2022-11-09", "2022-11-09", "stated")


def test_said_on_monday_dates_the_saying_and_not_the_deed():
    claim = only("Officials said on Friday that a missile hit [Dnipro] on Wednesday.")
    assert days(claim) == ("2022-11-09", "2022-11-09", "relative")


def test_a_saying_dates_the_deed_where_nothing_else_does():
    claim = only("Officials said on Thursday that a missile had hit [Dnipro].")
    assert days(claim)[:2] == ("2022-11-10", "2022-11-10")


def test_news_without_a_day_is_of_the_day_of_publication():
    assert days(only("A missile hit [Dnipro].")) == ("2022-11-12", "2022-11-12", "published")


def test_an_undated_report_lends_no_day():
    assert days(only("A missile hit [Dnipro].", published=None)) == ("None", "None", "none")


def test_a_background_clause_has_its_own_day():
    claim = only("The foreign press wrote of [Kherson], which Russia seized on March 2, 2022.")
    assert (claim.type, days(claim)[:2]) == ("control", ("2022-03-02", "2022-03-02"))


def test_a_background_clause_without_a_day_is_kept_as_such_and_not_of_today():
    claim = only("A book was published about [Grozny], where troops fought house by house.")
    assert (claim.role, claim.type, days(claim)[0]) == ("background", "fighting", "None")


def test_the_day_of_what_is_explained_is_not_that_of_the_news():
    claim = only("A man was arrested in [Hamburg] in connection with the bombings last year.")
    assert (claim.type, days(claim)[0]) == ("arrest", "2022-11-12")


def test_a_deed_that_is_only_demanded_at_a_place_is_no_event_there():
    claim = only("At a meeting the minister insisted on the withdrawal of troops from [Enerhodar].")
    assert (claim.type, claim.modality) == ("control", "hypothetical")


def test_the_day_of_a_paragraph_runs_on_at_the_same_place():
    made, _ = told("On November 9 shells hit [Nikopol]. Rescuers pulled two people from the rubble in [Nikopol].")
    assert [days(c)[0] for c in made] == ["2022-11-09", "2022-11-09"]


def test_the_day_of_a_paragraph_does_not_run_on_elsewhere():
    made, _ = told("On November 9 shells hit [Nikopol]. A fire broke out at a plant in [Sumy].")
    assert [days(c)[0] for c in made] == ["2022-11-09", "2022-11-12"]


def test_a_headline_has_the_day_of_its_lead():
    made, _ = told("Shells hit [Nikopol] on November 9.", title="Shells hit [Nikopol]")
    assert [days(c)[0] for c in made] == ["2022-11-09", "2022-11-09"]


def test_a_headline_has_the_day_of_a_lead_that_names_no_place():
    made, _ = told("On November 10, the forces shelled it once, killing a soldier.", title="Army fires toward [Sumy]")
    assert (made[0].type, days(made[0])[0]) == ("strike", "2022-11-10")


def test_hours_after_reaches_back_into_the_day_before():
    made, _ = told("He spoke hours after troops entered the city of [Kherson].")
    assert days(made[0])[:2] == ("2022-11-11", "2022-11-12")


def test_a_plan_for_a_day_to_come_is_planned_also_without_will():
    claim = only("The ministers meet in [Geneva] on November 20.")
    assert (claim.modality, days(claim)[0]) == ("planned", "2022-11-20")


def test_what_was_to_be_on_a_day_that_is_past_has_happened():
    claim = only("She said that on Thursday there would be an evacuation from [Sumy].")
    assert (claim.modality, days(claim)[0]) == ("actual", "2022-11-10")


def test_the_day_before_opens_no_clause():
    claim = only("The day before, soldiers had entered the city of [Kherson].")
    assert (claim.type, days(claim)[0]) == ("control", "2022-11-11")


def test_what_a_disaster_did_elsewhere_was_on_its_days():
    made, _ = told("A storm killed two people in [Homs] on Thursday. Houses were damaged in [Aleppo].")
    assert [(c.type, days(c)[0]) for c in made] == [("disaster", "2022-11-10")] * 2


def test_what_a_disaster_did_has_its_days_also_where_the_lead_names_no_place():
    made, _ = told("A tornado came on Thursday. In [Homs], 100 houses were damaged; a minister visited it on Friday.")
    assert days(made[0])[:2] == ("2022-11-10", "2022-11-10")


def test_what_led_to_the_news_on_a_day_of_its_own_is_an_event_too():
    made, _ = told("Rescuers searched a mall in [Kremenchuk] on Friday, a day after a missile strike destroyed it.")
    assert {(c.type, str(c.days.last_day)) for c in made} == {("humanitarian", "2022-11-11"), ("strike", "2022-11-10")}


def test_a_later_sentence_tells_the_day_of_the_lead():
    made, _ = told("Twenty people died in the strike on [Chaplyne]. The station was struck the day before.")
    assert days(made[0])[:2] == ("2022-11-11", "2022-11-11")


def test_a_total_since_the_invasion_is_of_no_day():
    claim = only("In [Mariupol], 279 children have been killed since the full-scale invasion began.")
    assert (claim.type, days(claim)[0]) == ("violence", "None")


def test_last_months_bombing_lends_its_day_to_nothing_else():
    made, _ = told("A bomb went off in [Lyon], and last month's explosion was recalled.")
    assert days(made[0])[2] == "published"


def test_what_lies_years_back_is_background():
    made, _ = told("A quake hit [Kobe]. Houses fell. People wept. In [Basra] an earthquake killed 10 in 1962.")
    assert [(c.place.name, c.role) for c in made] == [("Kobe", "place"), ("Basra", "background")]
    assert days(made[1])[:2] == ("1962-01-01", "1962-12-31")


def test_a_day_by_which_something_was_so_is_its_day():
    assert days(only("The death toll in [Dnipro] had risen to 50 by Friday."))[:2] == ("2022-11-11", "2022-11-11")


def test_a_plan_without_a_day_has_none():
    claim = only("Russia will attack [Odesa].")
    assert (claim.modality, days(claim)[2]) == ("planned", "none")


# -- which happening ----------------------------------------------------------------------------------------------


def test_each_place_of_a_list_has_its_own_claim():
    made, _ = told("Strikes hit [Melitopol], [Berdyansk] and [Vasylivka].")
    assert [c.place.name for c in made] == ["Melitopol", "Berdyansk", "Vasylivka"]


def test_a_container_is_part_of_the_claim_and_no_pin_of_its_own():
    claim = only("Shells hit [Izium] in the [Kharkiv region].")
    assert (claim.place.name, [m.text for m in claim.mentions]) == ("Izium", ["Izium", "Kharkiv region"])


def test_a_town_after_a_common_noun_is_the_one_named_before():
    claim = only(
        "Residents welcomed soldiers into [Snihurivka] as troops recaptured the town in the [Mykolaiv region]."
    )
    assert (claim.place.name, claim.type, claim.subtype) == ("Snihurivka", "control", "retaken")


def test_a_country_as_the_scene_gives_a_claim_at_country_level():
    claim = only("He joined the leaders at a summit in [Cambodia].")
    assert (claim.place.level, claim.type) == ("country", "diplomacy")


def test_a_dateline_is_the_scene_of_a_lead_that_names_none():
    claim = only("[CAPE TOWN] (AP) -- Another man has been arrested in connection with the bombings, police said.")
    assert (claim.place.name, claim.type) == ("CAPE TOWN", "arrest")


def test_a_dateline_is_no_scene_where_the_story_names_its_own():
    made, _ = told("[CAPE TOWN] (AP) -- Another man has been arrested in [Lagos], police said.")
    assert [c.place.name for c in made] == ["Lagos"]


def test_a_sentence_that_is_only_a_place_says_where_the_one_before_was():
    made, _ = told("A policeman is killed when a bomb explodes at a clinic. Location, [Birmingham].")
    assert [(c.place.name, c.type) for c in made] == [("Birmingham", "explosion")]


def test_the_city_is_the_one_whose_mayor_speaks():
    claim = only("The mayor of [Kharkiv] said four people had been killed in the shelling of the city.")
    assert (claim.place.name, claim.type, claim.counts[0].best) == ("Kharkiv", "strike", 4)


def test_the_town_of_the_sentences_before_is_where_more_happened_on_a_day_of_its_own():
    made, _ = told("The town of [Lyman] was shelled. It is small. Troops raised their flag in the town on Thursday.")
    assert [(c.place.name, c.type, str(c.days.last_day)) for c in made][1:] == [("Lyman", "control", "2022-11-10")]


def test_a_clause_that_says_where_the_city_lies_makes_no_pin():
    made, skips = told(
        "The mayor of [Melitopol] is free. People of the city, which is in the [Zaporizhzhia region], "
        "demonstrated on Friday."
    )
    assert [(c.place.name, c.type) for c in made] == [("Melitopol", "protest")]
    assert [s.reason for s in skips] == ["background"]


def test_a_town_stands_for_its_street_that_no_gazetteer_knows():
    report, mentions = marked("A bomb exploded on Monday in [Hazel Street] in [Leeds].")
    mentions[0] = replace(mentions[0], place=None)
    made, _ = claims.make(report, roles.assign(report, mentions), dates.find(report))
    assert [c.place.name for c in made] == ["Leeds"]


def test_an_attempt_to_take_a_place_is_fighting_for_it():
    claim = only("Russian troops are trying to capture [Vuhledar].")
    assert (claim.type, claim.modality) == ("fighting", "actual")


def test_a_participle_before_a_name_tells_no_news():
    claim = only("Residents of besieged [Mariupol] were evacuated.")
    assert claim.type == "humanitarian"


def test_a_heading_before_a_colon_gives_way_to_the_story():
    made, skips = told("x", title="Battles in [Zaporizhzhia region]: Troops shelled [Orikhiv]")
    assert [c.place.name for c in made] == ["Orikhiv"]
    assert [s.reason for s in skips] == ["heading"]


def test_a_clause_that_tells_what_happened_there_makes_a_place_of_its_name():
    claim = only("The office hopes to send monitors to [Izium], where more than 400 graves have been found.")
    assert (claim.place.name, claim.type) == ("Izium", "violence")


def test_a_sea_that_says_where_a_port_lies_is_no_pin_of_its_own():
    claim = only("The harbour of [Poti] on the [Black Sea] was shelled.")
    assert [m.text for m in claim.mentions] == ["Poti", "Black Sea"]


def test_a_house_damaged_by_a_missile_was_struck():
    assert only("A mall in [Kremenchuk] caught fire after it was hit by a missile.").type == "strike"


def test_a_continent_is_no_pin():
    _, skips = told("A fire broke out in [Africa].")
    assert [s.reason for s in skips] == ["too_wide"]


OTHER = """
none | She lived in [Leeds] and studied law.
none | The company, based in [Hamburg], makes tyres.
none | [Kharkiv] is a city of 1.4 million people.
planned fighting | Russia plans to attack [Odesa].
hypothetical strike | The army could strike [Odesa], officials warned.
denied strike | Moscow denied shelling [Zaporizhzhia].
planned diplomacy | The leaders will meet in [Geneva] on November 20.
hypothetical fighting | If troops storm [Bakhmut], many will die.
denied control | The general staff denied that [Soledar] had been captured.
planned disaster | Heavy snow is expected in [Toronto] on Saturday.
planned disaster | Snow is forecast to hit [Toronto] on Monday.
planned protest | Unions plan to strike in [Lyon] next week.
actual strike | Troops continued to shell [Kherson].
actual humanitarian | The aid group managed to evacuate 20 people from [Lyman].
"""


@pytest.mark.parametrize("line", OTHER.strip().splitlines())
def test_plans_threats_and_denials_are_kept_and_told_apart(line):
    wanted, text = line.split(" | ")
    made, _ = told(text)
    assert [f"{c.modality} {c.type}" for c in made] == ([] if wanted == "none" else [wanted])


# -- the sum ------------------------------------------------------------------------------------------------------

PIECES = [
    "[Moscow] said", "shells hit", "[Kharkiv]", "in the [Donetsk region]", "on Monday", "will", "the mayor of", "and",
    "was captured", "[Ukraine]'s", "troops", ",", ".", "after", "which", "on November 20", "the city", "[Africa]",
    "[Russian/demonym]", "for", "from", "[Leeds]", "Talks opened in", "denied that", ":", "?", "“", "in 2019",
]  # fmt: skip
STORIES = st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join)


@settings(deadline=None)
@given(STORIES, STORIES, st.sampled_from(["2022-11-12", None]))
@example("", "[Moscow] said [Leeds] denied that shells hit on November 20", "2022-11-12")
@example("", "[Moscow] said on November 20 troops Talks opened in [Moscow] said", "2022-11-12")
def test_every_mention_is_in_a_claim_or_in_one_skip_and_never_in_both(title, text, published):
    report, mentions = marked(text, title=title, published=published)
    mentions = roles.assign(report, mentions)
    made, skips = claims.make(report, mentions, dates.find(report))
    held = {(m.field, m.start) for c in made for m in c.mentions}  # a name may tell two happenings
    ended = [*held, *((s.mention.field, s.mention.start) for s in skips)]
    assert sorted(ended) == sorted((m.field, m.start) for m in mentions)
    assert {s.reason for s in skips} <= set(claims.SKIP_REASONS)
    assert len({c.claim_id for c in made}) == len(made)
    for claim in made:
        assert report.field(claim.quote.field)[claim.quote.start : claim.quote.end] == claim.quote.text
        assert claim.type in EVENT_TYPES
        late = claim.days.last_day and report.published_day and claim.days.last_day > report.published_day
        assert not late or claim.modality == "planned"


TOLD = st.sampled_from(["shelled [Kharkiv]", "detained a man in [Kharkiv]", "met in [Geneva]", "rallied in [Sumy]"])
WHEN = st.sampled_from(
    ["on November 20", "next week", "tomorrow", "on Monday", "by Saturday", "this month", "in December", "since May",
     "from November 10 to November 20", "in 2023", "over the weekend", "until November 30", "overnight", "the next day"]
)  # fmt: skip
WHO = st.sampled_from(["Forces", "They will have", "Police have", "Leaders", "If crowds", "Nobody", "He said men"])


@settings(deadline=None)
@given(WHO, TOLD, WHEN, st.sampled_from(["", " after a strike two days earlier", ", which burned down on November 20"]))
def test_no_day_of_an_event_is_later_than_publication_unless_it_is_planned(who, told_there, when, more):
    for text in (f"{who} {told_there} {when}{more}.", f"{when}, {who} {told_there}{more}. It was hit {when}."):
        made, _ = told(text)
        for claim in made:
            last = claim.days.last_day
            assert last is None or last <= date(2022, 11, 12) or claim.modality == "planned", (text, claim.days)


def test_the_same_report_gives_the_same_claims():
    text = "Shells hit [Nikopol] on November 9. The mayor of [Sumy] was detained in [Sumy]."
    assert told(text) == told(text)


def test_where_one_only_speaks_is_no_event_but_a_statement_made_there():
    made, skips = told(
        "[Moscow] said talks with [Washington] were over. [Russia] accused [Kyiv] of lying, he said in [Geneva]."
    )
    assert [(c.place.name, c.role, c.subtype) for c in made] == [("Geneva", "said", "statement")]
    assert [s.reason for s in skips] == ["actor", "actor", "actor", "actor"]


def test_a_dateline_alone_is_no_statement():
    made, skips = told("[KYIV] — The president said on Friday that he was tired.")
    assert (made, [s.reason for s in skips]) == ([], ["said"])


def test_what_was_said_at_a_place_is_of_the_day_of_the_saying():
    claim = only("Speaking in [Geneva] on Thursday, the envoy condemned the strike.")
    assert (claim.role, days(claim)[0]) == ("said", "2022-11-10")


def test_three_plain_words_tell_how_sure_a_claim_is():
    assert [claims.likelihood(c) for c in (0.9, 0.6, 0.2)] == ["likely", "possible", "doubtful"]


def test_a_place_far_in_the_future_of_a_timex_without_days_is_no_trouble():
    report, mentions = marked("Shells hit [Nikopol] for weeks.")
    weeks = Timex(field="text", start=25, end=30, text="weeks", type="DURATION", value="PXW")
    made, _ = claims.make(report, roles.assign(report, mentions), [weeks])
    assert made[0].days.first_day == date(2022, 11, 13) - timedelta(days=1)


# -- what longer reports showed -----------------------------------------------------------------------------------


def test_a_day_that_is_only_compared_with_dates_nothing():
    claim = only("The enemy has massed more tanks in the [Kursk region] than it had on February 24.")
    assert days(claim) == ("2022-11-12", "2022-11-12", "published")


def test_two_days_in_a_row_are_one_stretch():
    claim = only("Shelling killed two people in [Nikopol] on Thursday and Friday.")
    assert days(claim)[:2] == ("2022-11-10", "2022-11-11")


def test_a_sentence_that_says_where_it_occurred_places_the_one_before():
    made, _ = told("A gunman killed two shoppers. The shooting spree occurred on Thursday at a market in [Lyon].")
    assert [(c.type, days(c)[0]) for c in made] == [("violence", "2022-11-10")]


def test_the_call_for_help_dates_what_it_was_for():
    made, _ = told("A man is dead after an accident in [Boston]. Police received the call about eight on Friday.")
    assert [(c.type, days(c)[0]) for c in made] == [("damage", "2022-11-11")]


def test_the_month_of_may_is_no_doubt():
    assert only("In May, a bomb exploded in [Lyon].").modality == "actual"
    assert not any(c.modality == "actual" for c in told("A bomb may explode in [Lyon].")[0])


def test_what_is_expected_has_not_happened():
    assert only("Heavy snow is expected in [Boston].").modality == "planned"


def test_to_before_a_noun_is_no_infinitive():
    assert only("Police responded to a shooting in [Leeds].").modality == "actual"


def test_a_play_about_a_place_is_no_event_there():
    made, _ = told("The play is about the fall of [Saigon].")
    assert not [c for c in made if c.role == "place"]


def test_an_attack_named_before_is_not_told_again_by_its_dead():
    made, _ = told("A bomb exploded in [Lyon] on Friday. The dead in [Lyon] were tourists.")
    assert [c.type for c in made if c.role == "place"] == ["explosion"]


def test_explosions_are_strikes_where_the_headline_tells_of_shelling():
    made, _ = told("Several explosions rocked [Sumy] on Friday.", title="Troops are shelling [Sumy]")
    assert {c.type for c in made} == {"strike"}


def test_a_name_is_no_trigger():
    made, _ = told("Volunteers of the Manitoba Tiger Rescue met reporters at a shelter in [Leeds].")
    assert all(c.type != "humanitarian" for c in made)


def test_a_town_official_to_whom_something_befell_places_it_in_his_town():
    assert only("The mayor of [Skadovsk] was abducted on Friday.").type == "violence"
    assert told("The mayor of [Skadovsk] said on Friday that three people were abducted.")[0] == []


def test_a_headline_over_a_total_since_the_war_began_has_no_day():
    made, _ = told(
        "The mayor of [Sumy] said that 900 civilians had been killed since the invasion.",
        title="900 civilians killed in [Sumy]",
    )
    assert days(made[0]) == ("None", "None", "none")


def test_the_town_near_which_another_lies_is_no_scene():
    made, _ = told("The ministers visited [Irpin] and [Bucha] outside [Kyiv] on Friday.")
    assert [c.place.name for c in made if c.role == "place"] == ["Irpin", "Bucha"]


def test_what_took_place_on_a_day_is_of_that_day():
    claim = only("The death toll in the missile attack on [Sumy], which took place on Thursday, has risen to 11.")
    assert days(claim)[:2] == ("2022-11-10", "2022-11-10")


def test_what_was_months_before_is_history():
    made, _ = told("She died in jail six months after soldiers arrested her in [Hebron].")
    assert not [c for c in made if c.role == "place"]


def test_a_town_s_administration_acts_and_is_no_scene():
    made, _ = told("The [Donetsk] Regional Military Administration released a video of a strike on [Sloviansk].")
    assert [(c.place.name, c.type) for c in made if c.role == "place"] == [("Sloviansk", "strike")]


def test_what_somebody_wants_to_do_has_not_happened():
    made, _ = told("The troops want to enter [Sloviansk].")
    assert {c.modality for c in made} <= {"hypothetical", "planned"}


def test_what_was_found_is_there_whatever_is_supposed_of_it():
    claim = only("Up to 9,000 people may be buried in a mass grave discovered near [Mariupol].")
    assert (claim.type, claim.modality) == ("violence", "actual")


def test_a_power_cut_by_shelling_is_damage():
    claim = only("The plant in [Enerhodar] was left without electricity by shelling.")
    assert claim.type == "damage"


def test_a_person_captured_is_no_territory():
    assert only("Soldiers captured the son of an official in [Skadovsk].").type == "violence"


# -- news of other places than Ukraine: type and days of the one pin, none for what only sounds like one -----------

WORLD = """
strike 11-10 | An air strike on a crowded market in [Omdurman] killed more than 40 people on Thursday, witnesses said.
fighting 11-12 | Resistance fighters clashed with junta troops near [Loikaw], forcing thousands to flee.
control 11-06 | The ethnic alliance said it captured the town of [Lashio] on November 6 after a month of battles.
arrest 11-08 | A journalist was arrested at his home in [Mandalay] on Tuesday, his wife said.
strike 11-12 | Israeli tank fire hit tents in [Rafah], killing 12 people, medics said.
arrest 11-10 | Israeli forces raided [Jenin] on Thursday and detained six men.
violence 11-11 | A Palestinian teenager was shot dead in [Nablus] on Friday, the health ministry said.
violence 11-06 | Gunmen killed 15 villagers near [Djibo] in northern Burkina Faso on Sunday.
explosion 11-12 | Three peacekeepers died when their convoy hit a mine near [Gao].
fighting 11-09 | At least 17 soldiers were killed in an ambush near [Tillaberi] on Wednesday.
movement 11-12 | Jihadists have imposed a blockade on [Timbuktu], cutting off food supplies.
violence 11-07 | Insurgents abducted 30 women collecting firewood outside [Maiduguri] on Monday.
disaster 11-09 | A powerful earthquake struck western Nepal on Wednesday, shaking buildings in [Kathmandu].
disaster 11-11 | A 5.6-magnitude quake killed 162 people in [Cianjur] on Friday.
disaster 11-12 | Floods have marooned thousands of people in [Sylhet] after days of heavy rain.
disaster 11-12 | The death toll from floods in [Porto Alegre] rose to 83.
disaster 11-11 | A cyclone made landfall near [Quelimane] late on Friday.
disaster 11-12 | Health officials declared an outbreak of Ebola in [Goma].
disaster 11-12 | Two dams burst, sweeping away whole districts of [Derna].
diplomacy 11-12 | Voters queued at polling stations in [Lagos] to elect a new governor.
diplomacy 11-12 | Polls opened in [Quito] on Saturday morning.
protest 11-12 | Opposition supporters burned tyres and threw stones in [Nairobi] after the results were announced.
arrest 11-11 | A court in [Islamabad] on Friday sentenced the former prime minister to three years in prison.
arrest 11-12 | Police in [Harare] detained 20 opposition activists.
arrest 11-12 | A jury in [Manhattan] found the trader guilty of fraud.
protest 11-12 | Police fired tear gas at demonstrators in [Lima].
protest 11-12 | Students chanted slogans against the leadership at universities in [Tehran].
protest 11-11 | Two people were killed in [Dakar] on Friday in clashes between police and protesters.
protest 11-12 | Dockers walked off the job in [Antwerp] over pay.
damage 11-10 | A fuel tanker caught fire off [Valletta] on Thursday.
damage 11-11 | Two trains collided near [Balasore] on Friday, killing at least 280.
damage 11-12 | A power failure plunged [Karachi] into darkness.
damage 11-12 | A fire at a garment factory in [Dhaka] killed 14 workers.
diplomacy 11-02 | The two sides signed a truce in [Pretoria] on November 2.
diplomacy 11-12 | Mediators held talks in [Cairo] on a hostage deal.
diplomacy 11-08 | The president travelled to [Bogota] on Tuesday to meet his counterpart.
humanitarian 11-12 | A ship with 600 evacuees from Sudan docked in [Port Sudan].
explosion 11-11 | A suicide bomber blew himself up outside a school in [Kabul] on Friday.
explosion 10-29 | Twin car bombings in [Mogadishu] on October 29 killed at least 100 people.
humanitarian 11-12 | The first trucks with aid reached [Stepanakert].
movement 11-12 | Chinese warships sailed around [Kinmen] in a show of force.
movement 11-09 | The first of the jets landed at [Ramstein] on Wednesday for a joint exercise.
none | The mayor of [Boston] launched a scathing attack on the budget.
none | [London] stocks rallied after the central bank won its battle against inflation.
none | The film premiered in [Cannes] in 1998 and made her famous.
none | He was born in [Leeds] in 1931 and died at home on Friday, aged 91.
none | United fought back to beat City 2-1 in [Manchester].
none | The striker fired home from 20 yards as [Lyon] stormed to victory.
none | There has been an explosion of interest in pottery in [Lyon].
none | A surge in cases would overwhelm hospitals in [Paris], doctors warned.
none | Saturday marks the 40th anniversary of the massacre in [Hama].
none | [Moscow] said it would respond to the attack.
none | The army denied that its jets had bombed [Homs].
none | Rebels threatened to attack [Goma].
none | The summit will be held in [Bali] next week.
none | The play is about the fall of [Saigon].
none | The actor was treated for a heart attack in [Boston].
none | A bomb threat that closed the airport in [Dublin] was a hoax.
none | If the dam breaks, [Porto] will be flooded.
none | Prices in [Tokyo] fell sharply.
none | A professor in [Nairobi] said the war could spread.
none | He accused the government of declaring war on the poor, in a speech in [Leeds].
none | Police in [Hamburg] warned of fraud on the internet.
none | Residents of [Boston] fear another storm.
strike 11-11 | The mayor of [Kharkiv], Ihor Terekhov, said the city was hit by 50 strikes on Friday.
control 11-10 | Russia said it had withdrawn its garrison from [Snake Island] on Thursday as a gesture of goodwill.
diplomacy 11-12 | Negotiators from the two countries are meeting in [Istanbul] for a second day of talks.
diplomacy 11-12 | The British prime minister made a surprise visit to [Kyiv], where he pledged more anti-tank weapons.
none | The UK is to ban the import of Russian caviar, the trade secretary said in [London] on Friday.
violence 11-11 | The mayor of [Melitopol] was abducted on Friday by armed men, a member of parliament said.
damage 11-12 | A large Russian landing ship docked in [Berdiansk] was on fire on Saturday morning, footage showed.
explosion 11-11 | A collaborator was killed by a car bomb in [Novaya Kakhovka] on Friday night.
humanitarian 11-12 | More than 30,000 refugees crossed into [Przemysl] on Saturday, Poland's border guard said.
explosion 11-12 | The governor of the region said explosions had been heard near an arms depot in [Belgorod].
movement 11-12 | The warships have moved closer to [Odesa], a Pentagon official said.
none | Russia will regroup and attack [Odesa] next, western officials fear.
control 11-12 | Mutinous soldiers seized the state broadcaster in [Bamako] on Saturday.
fighting 11-12 | Gunmen exchanged fire with soldiers in [Culiacan].
violence 11-08 | An 18-year-old gunman killed 19 children at a school in [Uvalde] on Tuesday.
protest 11-12 | Hundreds marched through [Akron] to demand justice for a man shot by police.
damage 11-12 | A cargo ship caught fire in [Jacksonville], injuring eight firefighters.
explosion 08-04 | The blast in [Beirut] on August 4 left 200 people dead.
explosion 11-09 | Two people were wounded when a bomb went off outside a bank in [Nairobi] on Wednesday, police said.
arrest 11-10 | A federal jury in [Denver] convicted Terry Nichols of conspiracy on Thursday.
arrest 11-12 | The trial of a man accused of the 1995 bombing resumed in [Oklahoma City].
disaster 11-12 | Mount Pinatubo erupted near [Manila], covering villages in ash.
disaster 10-30 | Hurricane Mitch hit [Managua] on October 30, and thousands are still missing.
diplomacy 11-11 | U.N. weapons inspectors arrived in [Baghdad] on Friday.
other 11-12 | The company said it was opening a plant in [Frankfurt].
protest 11-12 | Workers at a car plant in [Detroit] went on strike at midnight.
fighting 11-12 | Rebels attacked a column of Russian armour near [Grozny], killing 20 soldiers.
violence 11-12 | Militiamen burned houses and killed at least four people in [Dili].
strike 11-11 | Israeli warplanes attacked guerrilla bases near [Sidon] on Friday.
strike 11-11 | Sri Lankan jets bombed rebel positions in [Jaffna] on Friday.
damage 11-10 | Four people died when a helicopter crashed in [Leicester] on Thursday.
control 11-11 | Rebels took [Aleppo] on Friday.
control 11-12 | The army has taken back [Palmyra].
control 11-12 | The town of [Lyman] was taken by government forces.
none | Ukrainian troops took part in a parade in [Lviv].
protest 11-12 | Protesters gathered in [Baghdad].
protest 11-06 | More than 1,000 people gathered on Sunday at a [Calgary] rally against the tax.
none | She has gathered enough money for a recount in [Wisconsin].
none | The airline apologised to a woman who wound up in [San Francisco] instead of [Paris].
violence 11-12 | [KYIV] (Reuters) - A man was killed in [Odesa], officials said.
"""


@pytest.mark.parametrize("line", WORLD.strip().splitlines())
def test_news_of_the_world_is_placed_typed_and_dated(line):
    wanted, text = line.split(" | ")
    made, _ = told(text)
    pins = [c for c in made if c.modality == "actual" and c.role == "place"]
    found = [f"{c.type} {c.days.first_day:%m-%d}..{c.days.last_day:%m-%d}" for c in pins]
    kind, _, span = wanted.partition(" ")
    first, _, last = span.partition("..")
    assert found == ([] if wanted == "none" else [f"{kind} {first}..{last or first}"])


def test_a_man_named_by_his_town_comes_from_there():
    made, _ = told("A [Leeds] man was jailed on Friday at a court in [London].")
    assert [c.place.name for c in made if c.role == "place"] == ["London"]


def test_the_town_from_which_a_direction_is_told_is_no_scene():
    made, _ = told("A boy was killed in [Leeds], south of [London], on Friday.")
    assert [c.place.name for c in made if c.role == "place"] == ["Leeds"]


def test_a_christmas_market_is_no_date():
    assert days(only("A bomb exploded at a Christmas market in [Hamburg]."))[0] == "2022-11-12"


def test_a_boy_hit_by_a_car_was_in_an_accident():
    assert only("A boy was hit by a car in [Leeds] on Friday.").type == "damage"


def test_what_a_week_before_was_is_not_of_today():
    made, _ = told("It comes a week after 44 people were killed in [Istanbul].")
    assert not [c for c in made if c.role == "place"]


def test_what_goes_on_during_another_thing_is_the_news():
    assert only("During the evacuation of [Lysychansk] on Friday the bus came under fire.").type == "strike"


def test_a_body_named_after_its_town_is_no_scene():
    made, _ = told(
        "Soldiers captured the [Enerhodar] branch of the [Zaporizhzhia] Regional Center for Disease Control."
    )
    assert [c.place.name for c in made if c.role == "place"] == ["Enerhodar"]


def test_towns_before_regions_are_towns():
    made, _ = told("Troops shelled [Mykolaiv], [Sumy] and regions.")
    assert [(c.place.name, c.place.level) for c in made] == [("Mykolaiv", "point"), ("Sumy", "point")]


def test_the_days_of_a_sentence_run_on_where_they_are_two():
    made, _ = told("In the last day there were 44 attacks on villages. The most affected was [Sumy].")
    assert {days(c)[:2] for c in made} == {("2022-11-11", "2022-11-12")}


def test_the_mayor_of_a_capital_tells_of_his_city():
    assert only("[Kyiv] mayor says half the city has fled.").type == "humanitarian"


def test_a_list_goes_on_after_a_semicolon():
    made, _ = told("Troops repelled attacks in [Sumy]; [Lyman] and [Izium]; [Kodema].")
    assert [(c.place.name, c.type) for c in made] == [(n, "fighting") for n in ("Sumy", "Lyman", "Izium", "Kodema")]


def test_what_somebody_calls_for_stopping_is_not_told_as_done():
    made, _ = told("He called for stopping attacks on [Enerhodar].")
    assert all(c.modality != "actual" for c in made)


def test_one_death_in_a_headline_is_of_today_also_over_a_total():
    made, _ = told(
        "She is among more than 20 reporters who have been killed since the war began.",
        title="Journalist killed in [Kyiv]",
    )
    assert days(made[0])[0] == "2022-11-12"


def test_a_village_freed_before_is_where_the_bodies_were_found():
    claim = only("In the [Kharkiv region], in a village liberated from them, bodies with traces of torture were found.")
    assert claim.type == "violence"


def test_troops_that_killed_civilians_fought_no_battle():
    assert only("Russian troops killed three civilians in [Sumy].").type == "violence"


def test_an_agreement_named_after_a_town_is_no_event_there():
    made, _ = told("The ministers discussed the [Minsk] agreements and the [Geneva] Conventions.")
    assert not [c for c in made if c.role == "place"]


def test_a_tower_named_after_its_town_is_in_it():
    assert only("[Kharkiv] TV Tower was hit by shells on Friday.").type == "strike"


def test_who_admits_it_after_a_comma_is_no_scene():
    made, _ = told("It said so.", title="Fighting goes on in [Sumy], [Kremlin] admits")
    assert all(c.place.name != "Kremlin" for c in made if c.role == "place")


def test_two_places_that_nothing_is_known_of_do_not_each_hold_the_other_for_ever():
    report, mentions = marked(
        "The bill adds to the [Alder Wilderness] east of [Birch Valley]; the [Cedar Valley] is next."
    )
    mentions = [replace(m, place=None) for m in mentions]
    made, skips = claims.make(report, roles.assign(report, mentions), dates.find(report))
    assert made == []
    assert len(skips) == len(mentions)
