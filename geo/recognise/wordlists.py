"""Words that tell people from places: prepositions, titles, first names, capitalised words that are no places."""

from __future__ import annotations

from typing import Final

LOCATIVE: Final = frozenset(
    """
    in at near from to into around outside inside across through toward towards between beyond off via throughout within
    over above below along of for with against and
    """.split()
)

TITLES: Final = frozenset(
    """
    mr mrs ms miss dr prof professor sir lord lady dame sen senator rep representative congressman congresswoman
    gov governor president premier chancellor minister secretary ambassador mayor councillor councilman
    councilwoman commissioner chief sheriff deputy judge justice attorney prosecutor officer detective sgt
    sergeant lt lieutenant capt captain maj major col colonel gen general admiral adm marshal constable trooper
    inspector superintendent king queen prince princess sheikh sheik emir sultan ayatollah imam mullah rabbi
    pope cardinal bishop archbishop rev reverend father sister brother pastor coach chairman chairwoman chair
    director spokesman spokeswoman spokesperson commander leader private pvt cpl corporal aunt uncle saint hon
    speaker treasurer
    """.split()
)

FIRST_NAMES: Final = frozenset(
    """
    james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony
    mark donald steven steve stephen paul andrew andy joshua josh kenneth ken kevin brian george timothy tim
    ronald ron edward ed eddie jason jeffrey jeff ryan jacob gary nicholas nick eric jonathan jon larry justin
    scott brandon benjamin ben samuel sam gregory greg alexander alex frank patrick pat raymond ray jack dennis
    jerry tyler aaron jose adam nathan henry zachary douglas doug peter pete kyle noah ethan jeremy walter
    christian keith roger terry austin sean shawn gerald carl harold dylan arthur lawrence jesse bryan billy
    bruce gabriel joe logan alan allan allen juan albert willie elijah wayne randy vincent mason roy ralph bobby
    russell bradley philip phil eugene louis lewis fred frederick martin craig stanley earl glenn glen howard
    leonard norman curtis dale rodney darren darryl derek todd trevor troy travis ted theodore tony tom tommy
    jim jimmy mike matt dan danny dave rick rob bob bill will chris don charlie barry hugh ian neil nigel simon
    stuart graham geoff gordon colin clive gareth rhys liam owen declan conor brendan kieran niall seamus mary
    patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley
    kimberly kim emily donna michelle carol amanda dorothy melissa deborah debbie stephanie rebecca sharon laura
    cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine catherine kate
    christine debra rachel carolyn janet maria heather diane ruth julie olivia joyce virginia victoria kelly
    lauren christina joan evelyn judith judy megan andrea cheryl hannah jacqueline martha gloria teresa ann anne
    sara madison frances kathryn janice jean abigail alice julia grace denise amber doris marilyn danielle
    beverly isabella theresa diana natalie brittany charlotte marie kayla alexis lori jane fiona claire lucy
    sophie louise hilary hillary nora wendy yvonne vickie vicki peggy rosemary vladimir volodymyr sergei serhiy
    sergey dmitry dmytro dmitri oleksandr aleksandr alexei oleksiy oleg oleh igor ihor mikhail mykhailo yuri
    yuriy andriy andrei andrey viktor victor pavel pavlo ivan petro anatoly anatoliy vitaly vitaliy vasyl denys
    maksym maxim roman ruslan bohdan boris borys valery valeriy valentyn nikolai mykola konstantin leonid stepan
    taras yevhen evgeny yevgeny yaroslav vyacheslav vadim vadym artem anton kyrylo hanna olena olga olha iryna
    irina natalia nataliya yulia yuliya oksana kateryna tetyana svetlana mariia lyudmyla liudmyla ksenia
    anastasia mohammed muhammad mohamed mohammad ahmed ahmad ali hassan hussein hasan abdul abdullah abdel
    ibrahim khalid khaled omar osama mahmoud mahmud mustafa youssef yousef yusuf salman saleh said saeed hamid
    karim nasser rashid tariq tayyip recep bashar saddam ismail jamal kamal majid naser reza hossein mehdi nouri
    walid ziad zahra fatima aisha leila carlos luis miguel antonio francisco pedro jorge manuel rafael fernando
    ricardo javier diego alejandro andres pablo sergio eduardo roberto mario marco giuseppe giovanni silvio
    matteo paolo luca hugo felipe joao paulo dilma lula pierre jean-pierre francois jacques michel emmanuel
    nicolas laurent philippe olivier claude alain marine hans klaus jurgen wolfgang olaf helmut gerhard karl
    fritz heinz dieter lars anders erik sven nils johan jan wei ming xi li wang zhang hu wen shinzo yoshihide
    junichiro taro park moon lee raj rahul narendra amit sonia imran nawaz benazir pervez asif barack hunter
    ivanka melania mitt rand chuck newt mitch bernie kamala liz dick condoleezza rod arnold
    """.split()
)

NOT_PLACES: Final = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul aug
    sept sep oct nov dec spring summer fall autumn winter easter christmas ramadan thanksgiving halloween the a
    an this that these those he she it they we you i his her its their our your my who what when where why how
    in on at by for from to of and or but if as so not no yes all any both each few many most other some such
    only after before during since until while with without within about above across against along among around
    police army navy force forces air guard guards marine marines government parliament senate congress house
    council court department ministry minister president university college school high elementary middle
    academy institute hospital church bank company corporation inc corp ltd group union association society
    party committee commission agency bureau office board service services center centre club team league cup
    games championship museum library street road avenue lane drive boulevard highway route interstate bridge
    park airport station county city town village state states province region district township parish borough
    north south east west northern southern eastern western central upper lower new old great greater
    latin god jesus christ allah bible koran
    internet web facebook twitter google youtube microsoft apple amazon republican republicans democrat
    democrats democratic conservative liberal labour labor green national international federal
    world war peace associated press reuters news times post journal herald tribune gazette star mail
    telegraph guardian photo photos video read more advertisement story continues share click here copyright
    rights reserved act bill law amendment constitution day week month year today tomorrow yesterday first
    second third one two three four five six seven eight nine ten
    """.split()
)

NEVER: Final = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february april june july august september
    october november december the a an this that these those he she it they we you i his her its their our your
    my who what when where why how in on at by for from to of and or but if as so not no yes all any both each
    few many most other some such only after before during since until while with without within about above
    across against along among around was were is are be been has have had said says one two three four five six
    seven eight nine ten mr mrs ms dr region regions oblast province provinces district districts county governorate
    raion municipality prefecture
    """.split()
)
"""Words that are no place by themselves, whatever the gazetteer says; they are passed over at once."""


_WORDS_OF: Final = {
    "kin": """
        son sons daughter daughters brother brothers sister sisters wife husband widow widower mother father
        nephew niece nieces nephews grandson granddaughter grandchildren cousin survivors survived née nee
    """,
    "ship": """
        uss hms ss mv rms hmas ferry ferries frigate cruiser destroyer corvette carrier submarine tanker
        freighter vessel vessels ship ships warship warships yacht trawler schooner liner flagship steamer
    """,
    "outlet": """
        post times herald globe tribune gazette journal news independent telegraph mail chronicle observer
        courier daily weekly examiner inquirer dispatch bulletin monitor sentinel advertiser argus newspaper
        magazine tv radio
    """,
    "firm": """
        bank group inc corp ltd plc llc co company holdings capital partners financial insurance airlines
        airways motors energy pharmaceuticals electric scientific technologies systems industries stores
        securities shares exchange
    """,
    "club": """
        united fc rovers wanderers athletic albion hotspur cup league championship championships trophy derby
        marathon open striker midfielder goalkeeper defender quarterback coach team teams beat
    """,
    "taken": """
        shelled bombed attacked struck hit seized captured retook recaptured liberated took taken stormed
        raided entered besieged shelling bombing pounded targeted left reached visited evacuated devastated
        destroyed flooded rocked shook attacking fled flew retaken
    """,
    "speech": """
        said says told added wrote insisted argued recalled thinks believes wants hopes replied asked died
        married tweeted announced warned played scored won joined retired
    """,
    "area": """
        region regions oblast oblasts province provinces governorate governorates prefecture raion county
        counties district districts state states department departments city cities town towns village
        villages settlement settlements hamlet hamlets suburb suburbs port ports capital island islands
        outskirts township townships municipality commune communities neighbourhood neighborhood resort area
        areas sector direction border
    """,
    "illness": "fever virus flu influenza encephalitis disease syndrome strain variant",
    "pact": "treaty accord accords agreement agreements convention conventions protocol pact declaration",
    "unit": """
        brigade regiment battalion division unit army forces militia cartel militants police fighters rebels
        troops
    """,
}
CLASSES: Final = {word: name for name, words in _WORDS_OF.items() for word in words.split()}
"""Words beside a name that say what it is, by what they say: so that a rare one counts like a frequent one."""
