"""Every one of the thirteen types, told in sentences of our own, and its crosswalk."""

from collections import Counter

import pytest

from geo import kinds
from geo.records import EVENT_TYPES

SENTENCES = """
fighting | Heavy fighting continued around Bakhmut on Friday.
fighting | Ukrainian troops repelled three attacks near Avdiivka.
fighting | Rebels stormed a government base outside Idlib.
fighting | The army pushed deeper into Mosul, street by street.
fighting | Clashes between militias left nine dead in Tripoli.
fighting | Insurgents ambushed a convoy near Kano, killing 12 soldiers.
fighting | Russian forces are trying to capture Vuhledar.
fighting | The offensive on Raqqa began at dawn.
strike | Artillery pounded the suburbs of Aleppo.
strike | A missile slammed into a block of flats in Dnipro, killing 40.
strike | Warplanes bombed Homs overnight.
strike | Drones attacked an oil refinery in Ryazan.
strike | Two rockets landed near Sderot.
strike | Air defences shot down four missiles over Kyiv.
strike | The enemy fired on Nikopol with heavy artillery.
strike | Overnight Kharkiv came under fire.
strike | At least 23 people died when shells hit a convoy in Zaporizhzhia.
explosion | A suicide bomber killed 14 people at a market in Peshawar.
explosion | A car bomb exploded in Bogota.
explosion | Two policemen were killed by a roadside bomb in Basra.
explosion | A landmine blew up a bus near Herat.
explosion | A blast tore through a hotel in Havana.
explosion | Partisans blew up a railway bridge near Melitopol.
control | Ukrainian forces liberated Lyman on Saturday.
control | The army recaptured Palmyra after a week of fighting.
control | Rebels seized the town of Goma.
control | Russian troops withdrew from Kherson.
control | Kabul fell to the Taliban without a fight.
control | The garrison at Singapore surrendered.
control | Troops raised the flag over Snihurivka.
violence | A gunman shot dead five worshippers in Quebec.
violence | Three teachers were kidnapped in Kaduna.
violence | Villagers were executed in Bucha, prosecutors said.
violence | A journalist was found murdered in Veracruz.
violence | Prisoners were tortured in Olenivka.
violence | A mob lynched two men in Assam.
violence | A man stabbed three people at a station in Hamburg.
arrest | Police detained 40 people in Minsk.
arrest | Two men were arrested in Marseille on drug charges.
arrest | A court in Cairo sentenced the editor to five years in prison.
arrest | Police raided the offices of a newspaper in Istanbul.
arrest | The trial of the former president opened in Abidjan.
arrest | He pleaded not guilty in a court in Miami.
protest | Thousands marched against the pension law in Paris.
protest | Students clashed with police in Santiago.
protest | Demonstrators blocked roads in Lima.
protest | Miners went on strike in Marikana.
protest | Riots broke out in Leeds.
protest | A vigil for the victims was held in Orlando.
movement | The eighth plane with ammunition arrived in Kyiv.
movement | The raiders drove heavy equipment into the engine room.
humanitarian | Refugees have arrived in Lublin.
humanitarian | The wounded were taken to a hospital in Donetsk.
damage | In the forest, 31 fires were detected.
damage | The plant was reconnected to the grid.
damage | The cruiser has gone down in the Black Sea.
arrest | The service took 11 snipers prisoner.
control | Troops have entered Skadovsk.
control | Residents welcomed Ukrainian soldiers into Snihurivka.
control | Ukrainian troops moved into Lyman.
fighting | The enemy is focusing its efforts on Bakhmut.
protest | Thousands gathered for a rally in Kherson.
movement | Russia is massing troops near Voronezh.
movement | NATO began exercises in Narva.
movement | A convoy of tanks moved towards Izium.
movement | Warships blockaded Odesa.
movement | The army is digging trenches outside Svatove.
movement | The carrier was deployed to the Black Sea.
humanitarian | Buses evacuated 300 civilians from Mariupol.
humanitarian | A humanitarian corridor was opened from Sumy.
humanitarian | Aid trucks reached Tigray.
humanitarian | Two hundred prisoners were exchanged near Chernihiv in a prisoner swap.
humanitarian | Thousands of refugees crossed into Przemysl.
humanitarian | Rescuers pulled a child from the rubble in Izmit.
damage | A fire broke out at a plant in Baytown.
damage | A passenger train derailed near Santiago.
damage | A blackout hit Lahore.
damage | A bridge collapsed in Genoa.
damage | A ferry sank off Jeju.
damage | An oil spill fouled beaches near Santander.
disaster | An earthquake of magnitude 7.1 shook Kobe.
disaster | Floods killed 30 people in Jakarta.
disaster | The hurricane made landfall near Tampa.
disaster | A cholera outbreak was declared in Harare.
damage | A wildfire forced hundreds from their homes near Athens.
disaster | The volcano erupted near Legazpi.
disaster | A landslide buried a village near Mocoa.
diplomacy | The leaders met in Helsinki.
diplomacy | The two sides signed a ceasefire agreement in Dayton.
diplomacy | The foreign minister arrived in Hanoi for talks.
diplomacy | Voters went to the polls in Nicosia.
diplomacy | The pope visited Havana.
diplomacy | A donors' conference was held in Lugano.
other | The Nobel ceremony took place in Oslo.
other | The museum reopened in Bilbao.
other | Thousands attended the funeral in Bucha.
explosion | Two bombs exploded at a checkpoint in Mogadishu.
explosion | A grenade attack wounded nine people in Bujumbura.
violence | Militants abducted 30 women outside Maiduguri.
violence | Four students were found dead in a house in Moscow, Idaho.
violence | Peaceful villagers were massacred near Djibo.
arrest | A jury in Manhattan found the trader guilty.
arrest | A former commander went on trial in Arusha.
protest | Police fired tear gas at demonstrators in Dhaka.
protest | Two people died in clashes between police and protesters in Dakar.
protest | Dockers walked off the job in Antwerp.
movement | Russia keeps seven warships in the Black Sea.
movement | Destroyers sailed through the strait.
damage | A fire at a garment factory in Dhaka killed 14 workers.
damage | Two hundred flights were cancelled at the airport in Toronto.
disaster | Floods have marooned thousands of people in Sylhet.
disaster | A cyclone killed nine people in Quelimane.
disaster | Heavy snow and freezing rain closed schools in Ottawa.
diplomacy | Mediators held talks in Cairo.
diplomacy | Polls opened in Quito.
diplomacy | The two sides signed a truce in Pretoria.
protest | Families of the prisoners marched in Lviv.
humanitarian | Those who hide in the plant are running out of food.
damage | Fire at an oil depot in Cherniakhiv was extinguished.
damage | Rescuers extinguished a blaze in Lutsk.
damage | A gas explosion at a restaurant in Hangzhou killed two.
other | Hundreds attended a memorial service in Buffalo.
other | An exhibition of posters was held in Cork.
other | The championship was held in Doha.
other | The town celebrates its festival in Siena.
other | A ceremony marked the anniversary in Hiroshima.
"""

LOOKALIKES = """
fighting | The government won its battle against inflation.
fighting | United fought back to beat City 2-1 in the cup.
fighting | The fight against malaria goes on.
fighting | He died of a heart attack.
fighting | The striker stormed through the defence to score the winning goal.
strike | Inflation hit 10 per cent.
strike | The striker hit the post in the final of the cup.
strike | The two firms struck a deal.
strike | The shop held a fire sale.
strike | The minister came under fire from critics.
explosion | There was an explosion of interest in pottery.
explosion | Sales exploded last year.
explosion | The film bombed at the box office.
explosion | A population bomb is ticking.
control | The picture captured the imagination of the public.
control | The fire was brought under control.
control | Temperatures fell to 14 degrees.
control | She seized the opportunity.
violence | He died at home on Friday, aged 91.
violence | She died of cancer.
violence | The shooting of the series began in Rome.
violence | Parliament killed the bill.
arrest | He suffered a cardiac arrest.
arrest | A clinical trial of the vaccine began.
arrest | They played on the tennis court.
arrest | It was an arresting performance.
protest | Stocks rallied.
protest | The firm demonstrated a new phone.
protest | A riot of colour filled the hall.
protest | The plan met a storm of protest.
movement | The exercise of restraint is called for.
movement | Exercise is good for the heart.
movement | Freedom of movement is a right.
movement | The team advanced to the semi-final after a 3-0 victory.
humanitarian | A rescue plan for the bank was drawn up.
humanitarian | She wears a hearing aid.
humanitarian | They escaped with a draw.
humanitarian | The court granted him legal aid.
damage | It damaged his reputation.
damage | The government collapsed.
damage | Documents were leaked to the press.
damage | The market crash was on her mind.
disaster | A flood of complaints followed.
disaster | It was a political earthquake.
disaster | The hall erupted in applause.
disaster | The striker ended his goal drought.
diplomacy | The plan met the deadline.
diplomacy | It was voted the best restaurant.
diplomacy | She talks a lot.
diplomacy | The press conference was dull.
"""


@pytest.mark.parametrize("line", SENTENCES.strip().splitlines())
def test_a_sentence_has_the_type_of_its_trigger(line):
    wanted, text = line.split(" | ")
    kind = kinds.classify(text)
    assert kind is not None
    assert kind.type == wanted
    assert text[kind.start : kind.end] == kind.trigger


def test_every_type_has_eight_sentences():
    told = Counter(line.split(" | ")[0] for line in SENTENCES.strip().splitlines())
    assert set(told) == set(EVENT_TYPES)
    assert min(told.values()) >= 8, told


@pytest.mark.parametrize("line", LOOKALIKES.strip().splitlines())
def test_a_figure_of_speech_is_not_of_the_type_whose_words_it_borrows(line):
    unwanted, text = line.split(" | ")
    kind = kinds.classify(text)
    assert kind is None or kind.type != unwanted, kind


def test_every_type_but_the_last_has_lookalikes():
    told = Counter(line.split(" | ")[0] for line in LOOKALIKES.strip().splitlines())
    assert set(told) == set(EVENT_TYPES) - {"other"}
    assert min(told.values()) >= 4, told


def test_a_death_is_a_killing_in_a_war_and_nothing_worse_elsewhere():
    assert kinds.classify("Two people died.", context="The frontline is near.").type == "violence"
    assert kinds.classify("Two people died.").type == "other"


def test_an_attack_is_violence_where_people_were_killed_in_peace():
    assert kinds.classify("The attack came at noon.", context="A gunman killed three shoppers.").type == "violence"
    assert kinds.classify("The attack came at noon.", context="The invasion began.").type == "fighting"


def test_sport_fights_no_battle_but_people_are_hurt_in_earnest():
    assert not any(k.type == "fighting" for k in kinds.find("The battle for the league title was won 2-1."))
    assert kinds.classify("Rebels stormed the stadium during the cup match, killing nine.").type == "fighting"


@pytest.mark.parametrize(
    "text",
    [
        "The price of oil rose.",
        "The fire brigade has a new chief.",
        "The two sides struck a deal, said the air defence ministry.",
        "The army has battle tanks, attack helicopters and assault rifles.",
        "Much has changed since the beginning of the full-scale invasion.",
        "The circumstances surrounding it are unclear.",
        "The car went out of control near the funeral home.",
        "The firefighters live near the power station.",
    ],
)
def test_words_that_only_look_like_triggers_name_no_happening(text):
    kind = kinds.classify(text)
    assert kind is None or not kind.names_it or kind.type in {"other", "diplomacy"}


@pytest.mark.parametrize(
    ("text", "subtype"),
    [
        ("The army recaptured the town.", "retaken"),
        ("Ukraine liberated the village.", "retaken"),
        ("The troops withdrew from the city.", "transferred"),
        ("Troops entered the city after the enemy left.", "transferred"),
        ("Rebels seized the town.", "captured"),
        ("The town is under Russian control.", "held"),
    ],
)
def test_territory_retaken_with_and_without_resistance_is_kept_apart(text, subtype):
    kind = kinds.classify(text)
    assert kind is not None
    assert (kind.type, kind.subtype) == ("control", subtype)


def test_the_crosswalk_keeps_them_apart_too():
    assert kinds.crosswalk("control", "retaken")["acled_sub_event_type"] == "Government regains territory"
    assert kinds.crosswalk("control", "transferred")["acled_sub_event_type"] == "Non-violent transfer of territory"
    assert kinds.crosswalk("control", "transferred")["plover_event_type"] == "RETREAT"
    assert kinds.crosswalk("control", "captured")["plover_event_type"] == "SEIZE"


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_every_type_has_a_crosswalk_also_for_a_subtype_that_nobody_has_heard_of(kind):
    assert kinds.crosswalk(kind) == kinds.crosswalk(kind, "unheard of")
    assert set(kinds.crosswalk(kind)) == {"acled_event_type", "acled_sub_event_type", "plover_event_type"}


def test_what_has_not_happened_is_no_event_for_acled():
    assert kinds.crosswalk("strike", "air", "planned") == {
        "acled_event_type": "",
        "acled_sub_event_type": "",
        "plover_event_type": "THREATEN",
    }
    assert not any(kinds.crosswalk("protest", "", "denied").values())


def test_the_cause_goes_before_what_it_caused():
    assert kinds.classify("Nine people were killed and a school was destroyed by shelling.").type == "strike"
    assert kinds.classify("Nine people were killed in the earthquake.").type == "disaster"
    assert kinds.classify("Nine people were killed.").type == "violence"


def test_what_was_bombed_was_hit_from_the_air_and_a_bomb_by_itself_is_an_explosion():
    assert kinds.classify("Israel bombed Rafah on Monday.").type == "strike"
    assert kinds.classify("A bomb went off at a market in Kabul.").type == "explosion"
    assert kinds.classify("A suicide bomber bombed a market in Maiduguri.").type == "explosion"
    assert kinds.classify("The play bombed in London.") is None


def test_a_bombing_is_a_strike_in_a_war_and_a_bomb_elsewhere():
    assert kinds.classify("The bombing killed nine.", context="Since the invasion began, troops ...").type == "strike"
    assert kinds.classify("The bombing killed nine.", context="The embassy is closed.").type == "explosion"


def test_a_strike_of_workers_is_a_protest():
    assert kinds.classify("Teachers will strike over pay.").type == "protest"
    assert kinds.classify("Missiles will strike the port.").type == "strike"


DEEDS = """
movement: Troops massed; Troops gathered; Forces were deployed; Tanks rolled through the town
movement: A convoy passed through; Reinforcements were sent; Soldiers dug in; Mines were laid; A warship arrived
movement: Ships left port; Troops were stationed; Drills began; Military equipment was moved
movement: Roads were blocked by troops; Checkpoints were set up; A battalion arrived; A column of armour was seen
movement: Warplanes landed; Fortifications were built; Troops crossed the river; Reservists were called up
control: The flag was raised; The town was captured; The village was liberated; The city fell
control: Rebels controlled the town; The town changed hands; The city surrendered; The garrison laid down its arms
control: The army retook the village; Troops pulled out; The occupiers left; The base was handed over
control: The town is in rebel hands; The village was taken; Control was regained
control: The settlement was cleared of invaders; Authorities were installed by the occupiers
control: A referendum on joining Russia was staged; Passports were handed out by the occupiers
control: The mayor was replaced by the occupiers
humanitarian: Prisoners were exchanged; Prisoners were swapped; Captives returned home; Civilians were evacuated
humanitarian: Refugees arrived; Refugees crossed the border; Aid arrived; Food was handed out; Water was delivered
humanitarian: A corridor was opened; Residents fled; People left the city; Children were taken to safety
humanitarian: Survivors were pulled out; Bodies were recovered; The wounded were treated; A shelter was opened
humanitarian: People are trapped; Families were reunited; Hostages were freed; Food is running out
humanitarian: A camp was set up for the displaced; The body was found under the rubble; Thousands are homeless
humanitarian: Buses with evacuees left
damage: The power went out; Power was cut; Electricity was restored; The bridge was blown away; A train derailed
damage: A plane went down; A ship ran aground; A ferry capsized; A building collapsed; A warehouse burned down
damage: A fire was reported; Houses were destroyed; Windows were shattered; The plant was shut down
damage: A pipeline burst; Crops were destroyed; A depot is ablaze; The reactor was disconnected
damage: Water supply was cut; Homes lost electricity; A bus crashed; Two cars collided; A refinery caught fire
damage: Internet was cut off; The port was closed; The heating was cut
fighting: Fighting broke out; Clashes erupted; Troops exchanged fire; The army launched an offensive
fighting: The attack was repelled; Enemy soldiers were killed; A tank was destroyed; Assault groups advanced
fighting: A battle raged; The enemy was pushed back; Street fighting continued; Rebels ambushed a patrol
fighting: The siege began; Forces were encircled; Positions were stormed; Gunfire was heard; Snipers opened fire
fighting: Enemy losses mounted; Soldiers were wounded in combat; The front line moved; Militants attacked a base
strike: A missile landed; Rockets fell; Shells landed; A drone was shot down; The city was bombed
strike: Air strikes continued; Air defences were at work; A Shahed drone fell; The town came under fire
strike: The village was shelled; Artillery opened fire; An air raid hit a market; The enemy dropped bombs
strike: The hospital was hit; A rocket hit a house; Mortars were fired; Drones attacked the port
strike: Debris of a missile fell; A drone crashed into a house; Missiles were intercepted
strike: The strike damaged a school; The enemy used Grads; The airport was attacked from the air
explosion: A car exploded; A mine exploded; A grenade was thrown; Explosions were heard; A blast was heard
explosion: A suicide bomber struck; A device was detonated; The rails were blown up; Partisans blew up a car
explosion: An ammunition depot exploded
violence: A man was shot; A woman was stabbed; Bodies were found; A mass grave was found; Civilians were tortured
violence: A journalist was murdered; A mayor was kidnapped; Residents were beaten; A girl was raped
violence: Villagers were massacred; Gunmen opened fire; People were executed; A priest was shot dead
violence: Activists disappeared; A man was beheaded; An official was assassinated; Traces of torture were found
violence: Children were deported; A gunman took hostages; Attackers killed nine; Migrants were found dead
arrest: Two men were arrested; A spy was detained; He was jailed; She was sentenced; A trial opened
arrest: The trial was adjourned; He appeared in court; He was charged; Homes were searched; The office was raided
arrest: He pleaded guilty; The court rejected his appeal; A suspect was caught; An agent was exposed
arrest: A gang was busted; Weapons were seized; A cache was found; A traitor was unmasked; The jury retired
arrest: The judge ruled; Prosecutors opened a case; He was extradited; A suspect surrendered to police
protest: Thousands rallied; Workers went on strike; Protesters clashed with police; A rally was held
protest: Crowds gathered; Farmers blocked roads; Residents took to the streets; A march was held
protest: Students occupied a building; Demonstrators were dispersed; A vigil was held; Riots erupted
protest: Protesters burned flags; Strikers picketed; An effigy was burned; Activists chained themselves
disaster: An earthquake struck; A quake was felt; Floods swept away homes; A storm hit; Heavy rain fell
disaster: A river burst its banks; Landslides buried homes; A volcano erupted; A tsunami warning was issued
disaster: Cholera spread; Cases of Ebola were confirmed; A heatwave killed nine; Snow fell; A tornado touched down
disaster: Drought hit farmers; An avalanche buried skiers; The dam burst; A patient tested positive
diplomacy: Talks were held; Leaders met; A deal was signed; An agreement was reached; Elections were held
diplomacy: Voters went to the polls; The summit opened; A delegation arrived; The president visited
diplomacy: The ambassador was summoned; A truce was agreed; A treaty was ratified; A conference began
diplomacy: The parliament voted; Negotiations resumed; The minister arrived; Inspectors arrived
diplomacy: A ceasefire took effect; The embassy reopened; Ministers gathered; The president was sworn in
diplomacy: The president held a meeting; The foreign ministers discussed the crisis
"""


@pytest.mark.parametrize("line", DEEDS.strip().splitlines())
def test_a_deed_has_its_type_whether_told_as_done_or_as_suffered(line):
    wanted, _, deeds = line.partition(":")
    around = "The frontline is near."
    found = {d: kinds.classify(f"{d} in the town.", context=f"{d} in the town. {around}") for d in deeds.split(";")}
    assert [d for d, kind in found.items() if kind is None or kind.type != wanted] == []
