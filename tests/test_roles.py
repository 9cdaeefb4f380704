"""What a place name does in its sentence: sentences of our own for every rule."""

import pytest
from marked import marked

from geo import roles
from geo.clauses import read
from geo.records import Report

SENTENCES = """
place | Russian forces shelled [Kharkiv] on Monday.
place | Protesters clashed with police in the capital, [Kyiv], on Sunday.
demonym place | A blast hit the [Ukrainian/demonym] capital [Kyiv] on Friday.
demonym place | A bomb exploded in the [Turkish/demonym] capital, [Ankara].
place | Missiles hit the [Ukrainian capital], killing three.
actor place | The missile struck the [Moskva] off [Odesa].
place | Soldiers captured [Lyman].
place | The army occupied [Sumy].
place | Troops encircled the town of [Izium].
place | Police in occupied [Sumy] detained nine.
place | Explosions were heard in [Odesa] overnight.
place | Troops entered [Sumy] at dawn.
place | The siege of [Mariupol] lasted three months.
place | A drone struck a fuel depot near [Belgorod].
place place | Rockets hit [Dnipro] and [Pavlohrad].
place place place | Attacks were repelled near [Soledar], [Bakhmut] and [Vuhledar].
place | [Kherson] fell to Russian troops in March.
place | [Kyiv] came under missile attack.
place | [Kharkiv] was shelled again.
place | Protesters rallied in [Minsk].
place | Police arrested a suspect in [Boston].
place | The summit opened in [Brussels].
place | A gunman opened fire at a school in [Texas].
place | The funeral was held in [Lviv].
place | Thousands fled [Mosul].
place | Civilians were evacuated from [Irpin].
place | The army withdrew from [Kherson].
place | The battle for [Aleppo] is over.
place | Liberators raised the flag over [Izium].
place | The capture of [Popasna] was confirmed.
place | Fighting continues in the [Donetsk region].
place | A fire broke out at a warehouse outside [Lyon].
place | An earthquake shook [Kobe].
place | Floods swept through [Lahore].
place | The blast in the center of [Istanbul] killed six.
place | The president arrived in [Warsaw].
place | He visited [Kyiv] on Friday.
place | Ships were attacked in the [Black Sea].
place | Enemy shelling [Nikopol]
place | A Paris-bound train derailed outside [Lyon].
origin place | A train from [Lyon] left the rails in [Leeds].
actor | [Mykolaiv] regional administration denied the report.
actor | The defenders met [Mariupol] garrison commanders.
actor | The flagship [Moscow] sank.
actor | [Moscow]'s eastern offensive stalled.
actor | [Moscow] said the claim was false.
actor | [Kyiv] has accused the Kremlin of lying.
actor | [Russia] launched missiles at the city.
actor | [Ankara] urged restraint.
actor | [Washington] will send more weapons.
actor actor | Talks between [Moscow] and [Kyiv] broke down.
actor | The [Kremlin] denied the report.
actor | [Kyiv]'s drive to retake the south goes on.
actor | [Russia]'s army is regrouping.
actor | The mayor of [Kherson] said shelling went on.
actor | [Kharkiv] Mayor Ihor Terekhov said the strike hit a school.
actor | The governor of the [Luhansk region] reported two deaths.
actor | [Ukraine] repelled the attack.
actor | Sanctions imposed by [Germany] took effect.
target | It is a blow to [China].
actor | [Brussels] stands ready to act.
actor | The president of [Poland] resigned.
actor | [Belgorod] governor Vyacheslav Gladkov reported a fire.
actor | According to [London], the bridge is destroyed.
actor | Officials in the capital blamed [Russia].
actor | [Turkey] and the alliance agreed on terms.
actor | He met with the foreign minister of [Japan].
actor actor | The war between [Russia] and [Ukraine] goes on.
actor | Relations with [Moscow] have soured.
target | Forces loyal to [Russia] shelled the town.
demonym | [Russian/demonym] forces attacked the village.
demonym | A [French/demonym] journalist was killed.
origin | A man from [Leeds] was detained at the airport.
origin | The missiles were launched from [Belgorod].
origin | Refugees from [Syria] arrived by boat.
origin | The delegation from [Japan] left early.
target | The offensive is a threat to [Odesa].
target | Germany promised more aid to [Ukraine].
target | The plan for [Donbas] failed.
target | Weapons for [Ukraine] were delayed.
target | Support for [Kyiv] remains strong.
said | Speaking in [Geneva], he called for a truce.
said | "We will win," he told reporters in [Warsaw].
said | At a news conference in [Nairobi], the minister denied it.
said | The embassy in [Kyiv] said ten people died.
background | Two men were charged in connection with the bombing in [Nairobi].
place | Svatove is quiet. Refugees reached Svatove, a town north of [Lysychansk].
background | They marked the anniversary of the attack in [Paris].
place background | Shells hit [Svatove], a town north of [Lysychansk].
place place | A crowd gathered in [Tbilisi], capital of [Georgia].
place place | Strikes hit [Izium] in the [Kharkiv region].
place place place | Two died in [Avdiivka] in [Ukraine]'s [Donetsk region].
place | Talks were held in [Istanbul] on Tuesday.
place | The grain ship left [Odesa].
place | Power was cut in [Lagos].
place | Workers at the port of [Hamburg] went on strike.
place | Video from [Bucha] shows bodies in the street.
place | Residents of [Bucha] are burying their dead.
place | Heavy fighting is under way around [Bakhmut].
place | The shelling of [Nikopol] went on all night.
place | A car bomb exploded outside a mosque in [Basra].
place | The [Zaporizhzhia] nuclear plant was shelled.
place | Missiles fired from the Caspian struck [Homs].
place | An air raid on [Homs] killed nine.
place | Troops advanced on [Kyiv].
place | [Mariupol] residents have no water.
place | [Moscow] was hit by a drone attack.
actor | The [U.S.] Senate approved the bill.
actor | [U.S.] President Joe Biden arrived in the city.
target | Missiles were supplied to [Ukraine].
place | Thousands marched through [Berlin].
place | A bus plunged into a ravine near [Lahore].
place | The cholera outbreak in [Kano] has killed 30.
place | Israel bombed targets in [Syria].
place | The delegation flew to [Jakarta].
place | The court in [Hamburg] sentenced him to life.
place | The [Istanbul] summit ended without a deal.
"""


@pytest.mark.parametrize("line", SENTENCES.strip().splitlines())
def test_each_name_has_the_role_that_its_sentence_gives_it(line):
    wanted, text = line.split(" | ")
    report, mentions = marked(text)
    assert [m.role for m in roles.assign(report, mentions)] == wanted.split()


def test_a_name_in_a_dateline_is_where_the_report_was_written():
    report, mentions = marked("[CAPE TOWN], [South Africa] (AP) -- A man was arrested.")
    assert [m.role for m in roles.assign(report, mentions)] == ["said", "said"]


def test_section_names_beside_a_headline_are_no_places():
    report, mentions = marked("x", title="Strike hits depot (01.10.22 10:00) « War in [Ukraine] | Some.NET")
    assert [m.role for m in roles.assign(report, mentions)] == ["background"]


def test_a_container_has_the_role_of_what_it_holds():
    report, mentions = marked("The mayor of [Izium] in the [Kharkiv region] resigned.")
    assert [m.role for m in roles.assign(report, mentions)] == ["actor", "actor"]


MODALITIES = """
actual | Troops shelled the town.
actual | They managed to leave the town.
actual | The army forced the rebels to retreat.
actual | Civilians continued to flee.
planned | The ministers will meet on Friday.
planned | The army plans to attack.
planned | The talks are expected to resume.
hypothetical | Troops could attack at any time.
hypothetical | The army may retreat.
hypothetical | Ministers urged Russia to withdraw.
denied | The army did not attack.
denied | Officials denied that troops had attacked.
denied | There was no attack.
hypothetical | If troops attack, many will die.
"""


@pytest.mark.parametrize("line", MODALITIES.strip().splitlines())
def test_words_before_a_deed_tell_whether_it_was_done(line):
    wanted, text = line.split(" | ")
    (sentence,) = read(Report(report_id="r", text=text))
    deeds = ("shelled", "leave", "retreat", "flee", "meet", "attack", "attacked", "resume", "withdraw")
    index = next(i for i, word in enumerate(sentence.words) if word in deeds)
    assert roles.modality(sentence, index) == wanted


def test_a_headline_in_the_infinitive_tells_a_plan():
    sentence = read(Report(report_id="r", text="x", title="Croatia to demine the coast"))[0]
    assert roles.modality(sentence, sentence.words.index("demine")) == "planned"


def test_a_headline_that_asks_supposes():
    sentence = read(Report(report_id="r", text="x", title="Will the army attack the port?"))[0]
    assert roles.modality(sentence, sentence.words.index("attack")) == "hypothetical"
