// Words that common passwords are made of: English and Spanish words, names, teams and heroes. Composed for posta.

export const WORDS = `
password passwords passwort passwd passwrd passw pass passpass password1password mypassword mypass thepassword
newpassword letmein letmeinnow welcome welcomehome bienvenido bienvenida bienvenidos changeme changeit cambiame
cambiala cambiar contraseña contrasena contraseñas micontraseña micontrasena nuevacontraseña clave claves miclave
laclave claveclave clavesecreta nuevaclave claveunica secreto secreta secretos secret secrets topsecret mysecret
secretkey secretword entrar entra ingreso ingresar acceso access accessdenied login logon signin admin administrator
administrador administracion adminadmin rootroot root toor superuser superadmin system sistema sistemas manager master
masterkey supervisor operator operador user username usuario usuarios guest invitado default temporal temp temporary
temppass test testing tester testtest testpass testuser prueba pruebas probando demo demodemo example ejemplo sample
private privado privada public publico server servidor service servicio internet computer computador computadora
ordenador portatil laptop desktop keyboard teclado network windows windowsxp microsoft apple iphone android samsung
nokia motorola google facebook twitter instagram whatsapp youtube hotmail gmail outlook yahoo skype linkedin tiktok
telegram snapchat netflix spotify amazon ebay paypal adobe photoshop macromedia oracle cisco linux ubuntu debian
redhat docker github mysql postgres database basededatos pentium intel nvidia playstation xbox xboxone nintendo
pokemon pikachu charizard mewtwo digimon minecraft fortnite roblox counterstrike counter callofduty halo halflife
warcraft worldofwarcraft starcraft diablo zelda mario supermario luigi sonic tetris pacman leagueoflegends freefire
valorant overwatch assassin assassins skyrim gamer gameover player gaming qwerty qwertyui qwertyuiop qwert azerty asdf
asdfgh asdfghjk asdfasdf asdasd zxcv zxcvbn zxcvbnm qazwsx qweasd qweasdzxc qwe qaz abc abcd abcde abcdef abcabc
abcdefg abcdefgh aaa xxx xxxx xxxxxx zzz zzzzzz iloveyou iloveyou2 iloveu iluvu ilovegod ilovejesus ilovehim ilover
loveme lovely lovelove lover lovers loveyou loveu truelove mylove love onelove firstlove sweetlove babylove
foreverlove teamo teamomucho teamoo teamito tequiero tequieromucho amor amorcito amores miamor amormio amoreterno
amorytodo amordemivida mivida corazon corazoncito micorazon besos beso besitos carino cariño cielo micielo princesa
princesita princess prince principe reina reyna king queen rey reyes kings vida vidamia lavida lavidaesbella
vivalavida bebe bebita bebito nena nenita nene chiquita chiquito gordita gordito gorda gordo flaca flaco negra negrita
negrito bonita bonito hermosa hermoso preciosa precioso linda lindo guapa guapo muñeca muneca muñeco angel angelito
angeles angelica angels angelo diosa dios diosito dioses diosesamor diosmio diosteama cristo jesucristo jesus
jesuschrist jesusteama jehova maria mariajose mariamaria avemaria virgen guadalupe santamaria espiritu biblia iglesia
esperanza paz gracia gloria bendicion bendiciones bendecida faith god godisgood godislove blessed blessing heaven
hosanna christ church gospel trinity genesis revelation matthew john316 psalm23 salmo23 familia mifamilia family
myfamily mama mamita mamasita mami mamamia papa papito papi mamaypapa mamapapa mother father sister brother hermano
hermana hermanos hijos hijo hija mihijo mihija abuela abuelo tia tio primo prima amiga amigo amigas amigos amistad
friend friends bestfriend bestfriends friendship forever siempre porsiempre parasiempre eterno eternity always
infinity monkey monkeys dragon dragons dragonfly dragonball dragonballz goku vegeta naruto sasuke itachi kakashi
hinata sakura bleach onepiece luffy inuyasha sailormoon saintseiya pegaso football futbol soccer baseball basketball
basket hockey softball volleyball voleibol tennis tenis golf golfer rugby cricket boxing boxeo karate wrestling
swimming natacion surf surfing skate skater skateboard barcelona fcbarcelona barca visca barcelonasc realmadrid madrid
halamadrid atletico valencia sevilla juventus milan acmilan inter liverpool chelsea arsenal manchester manutd united
everton tottenham celtic rangers ajax bayern dortmund psg boca bocajuniors river riverplate racing independiente
sanlorenzo colocolo alianza alianzalima universitario ligadequito emelec nacional america clubamerica chivas cruzazul
pumas tigres monterrey rayados santos flamengo palmeiras corinthians saopaulo gremio peñarol cienciano millonarios
junior deportivo messi leomessi lionelmessi ronaldo cristianoronaldo cristiano neymar maradona pele ronaldinho beckham
zidane rooney torres villa iniesta lakers bulls celtics yankees redsox mets cubs cowboys steelers packers eagles
raiders patriots broncos dolphins giants jets jordan michaeljordan kobe lebron shaq tigerwoods nascar dale ferrari
porsche mercedes bmw audi toyota honda nissan mazda suzuki yamaha ducati harley harleydavidson kawasaki mustang camaro
corvette chevy chevrolet ford dodge jeep lamborghini bugatti volvo subaru lexus hyundai renault peugeot citroen fiat
volkswagen jetta golfgti civic corolla hummer viper cobra cadillac sunshine sunflower sunset sunrise sunny sun sol
luna lunalunera lunallena estrella estrellas estrellita star stars stargate starwars startrek superstar rockstar moon
moonlight moonshine mercury mercurio venus mars saturn saturno jupiter neptune pluto galaxy galaxia universe universo
planeta tierra mundo world earth sky skyblue rainbow arcoiris rain lluvia storm tormenta thunder trueno lightning
relampago fire fuego firefox fireman water agua aguas ocean oceano mar mares playa beach island isla rio mountain
montaña montana snow nieve snowball snowflake snowman winter invierno spring primavera summer verano autumn otoño
otono january february march april may june july august september october november december enero febrero marzo abril
mayo junio julio agosto septiembre setiembre octubre noviembre diciembre lunes martes miercoles jueves viernes sabado
domingo monday tuesday wednesday thursday friday saturday sunday morning night midnight noche nochebuena navidad
feliznavidad christmas santa santaclaus halloween birthday cumpleaños cumpleanos feliz felicidad happy happiness
happyday felices alegria alegre sonrisa smile smiley smiles smiling triste tristeza soledad solo sola alone lonely
flower flowers flor flores florcita florecita rosa rosas rosita rose roses rosebud margarita girasol orquidea jazmin
jasmine lily lilies tulip violeta violet iris dalia azucena clavel cherry cerezo blossom daisy poppy lotus butterfly
mariposa mariposas kitty kitten hellokitty cat cats gato gatos gatito gatita mishi michi dog dogs doggy doggie perro
perros perrito perrita cachorro puppy puppies bulldog pitbull rottweiler labrador beagle chihuahua poodle husky boxer
tiger tigers tigger tigre leon leona leones leoncito lion lions lionking panther pantera jaguar leopard cheetah wolf
wolves lobo lobos loba bear bears oso osito osita ositos teddybear teddy panda koala kangaroo elephant elefante horse
horses caballo caballos pony unicorn unicornio eagle aguila falcon halcon hawk phoenix fenix owl buho dove paloma bird
birds pajaro parrot loro duck ducks pato patito patitos chicken pollo pollito gallo turtle tortuga tortuguita fish
fishing pez delfin dolphin shark tiburon whale ballena spider arana araña spiderman snake serpiente scorpion escorpion
rabbit bunny conejo conejito mouse raton mickey mickeymouse minnie donald goofy disney disneyland bambi nemo simba
pumba timon shrek stitch tinkerbell campanita snoopy garfield snowwhite cinderella cenicienta ariel pocahontas mulan
elsa frozen barbie bratz winnie pooh winniethepooh eeyore piglet scooby scoobydoo popeye bugsbunny tweety piolin
sylvester taz bart simpson simpsons homer lisa bartsimpson southpark cartman spongebob bobesponja patricio batman
robin superman superwoman wonderwoman ironman hulk thor captain capitan captainamerica avengers wolverine xmen
deadpool joker catwoman flash greenlantern daredevil punisher venom groot loki thanos spawn matrix neo morpheus
terminator predator alien godzilla kingkong transformers megatron optimus rambo rocky gandalf frodo bilbo legolas
aragorn hobbit lordoftherings harry harrypotter potter hogwarts hermione dumbledore voldemort gryffindor slytherin
twilight edward bella jacob skywalker lukeskywalker darthvader vader yoda jedi chewbacca hansolo obiwan anakin
stormtrooper r2d2 c3po bond jamesbond bond007 goldeneye casino titanic avatar inception gladiator braveheart fightclub
scarface godfather padrino corleone sopranos lost heroes dexter breakingbad heisenberg gameofthrones winterfell
khaleesi strangerthings pirate pirata pirates piratas captainjack ninja ninjas samurai shogun warrior warriors
guerrero guerreros knight knights soldier soldado marine marines navy army airforce ranger sniper killer killers
hunter cazador hacker hackers hacked cracker cyber shadow shadows sombra dark darkness oscuro darkangel darklord
darkside blackcat black blackie negro negros white blanco whitey red rojo blue azul bluesky blueeyes green verde
greenday yellow amarillo orange naranja purple morado pink rosado pinky brown cafe silver plata gold oro golden dorado
diamond diamante diamonds crystal cristal ruby rubi esmeralda emerald sapphire zafiro pearl perla jade amber opal
platinum chocolate chocolates chocolat vanilla vainilla strawberry fresa fresita frutilla cereza banana banano platano
manzana apples pineapple piña mango mangos coco coconut peach durazno melon sandia watermelon grape uva uvas lemon
limon kiwi avocado tomato tomate potato papas cookie cookies galleta galletas cupcake cake pastel candy caramelo sugar
azucar honey miel honeybee bubbles bubblegum icecream helado popcorn pizza pizzas hamburger hamburguesa hotdog taco
tacos burrito nachos sushi pasta spaghetti cheese queso butter mantequilla pepper pimienta salt sal ginger cinnamon
canela coffee cafecito tea beer cerveza corona heineken budweiser guinness whiskey tequila vodka ron cocacola pepsi
sprite cinema pelicula peliculas movie movies music musica musician guitar guitarra guitarhero piano violin drum drums
drummer bateria bass metal heavymetal metallica ironmaiden slayer megadeth nirvana kurtcobain linkinpark slipknot korn
rammstein acdc ledzeppelin zeppelin pinkfloyd beatles thebeatles lennon rollingstones aerosmith bonjovi kiss ramones
sexpistols clash radiohead coldplay muse oasis blink182 blink eminem slimshady tupac 2pac biggie 50cent snoopdogg
drake kanye jayz rihanna beyonce shakira madonna britney britneyspears michaeljackson jackson elvis elvispresley
marley bobmarley reggae reggaeton rap hiphop salsa cumbia bachata merengue vallenato rock rocknroll rockandroll
rockero punk punkrock emo gotico jazz blues disco techno trance house djtiesto tiesto selena soda stereo sodastereo
cerati calamaro mana rbd rebelde justinbieber bieber jonas jonasbrothers onedirection harrystyles taylorswift ladygaga
katyperry backstreet nsync bts blackpink exo badbunny karolg maluma daddyyankee donomar wisinyandel romeosantos
aventura juanes enrique ricky sexy sexygirl sexyboy sexybitch sex sexo sexsex hot hotgirl hottie playboy playgirl
porno porn pussy bitch asshole fuck fucker fuckme fuckoff fuckyou fucku motherfucker bastard whore slut dick bigdick
cock cocksucker penis vagina boobs tits bigtits booty nude naked naughty horny puta puto putas mierda pendejo pendeja
cabron cabrona chinga chingatumadre chingada verga culo concha boludo pelotudo hijodeputa tuputamadre maricon marica
carajo cojones joder coño gilipollas malparido gonorrea huevon webon caca popo freedom libertad liberty independence
justice justicia peace pax hope truth verdad honor honour power poder powerful strong fuerte fuerza strength courage
valor brave valiente victory victoria winner ganador champion champions campeon campeones hero heroe legend leyenda
lucky lucky7 luck suerte fortune fortuna money dinero cash dollar dolar dollars euro bitcoin crypto millionaire
millonario rich rico business negocio negocios trabajo work worker boss jefe jefa office oficina empresa company
success exito school escuela colegio student estudiante teacher profesor profesora maestro maestra university
universidad college campus class clase doctor doctora nurse enfermera medico engineer ingeniero abogado secretaria
contador contadora policia police bombero pilot piloto chef cocina magic magia magico wizard mago merlin witch bruja
brujita fairy hada hadas elf elfo demon demonio demonios devil diabla diablito satan satanas lucifer hell hellfire
hellyeah infierno 666 evil ghost fantasma zombie zombies vampire vampiro vampira dracula monster monsters monstruo
beast bestia death muerte dead skull calavera blood sangre bloody poison veneno danger peligro chaos caos blaster
bandit bandido gangster gangsta thug thuglife pimp rebel outlaw cowboy vaquero sheriff cowgirl biker rider jinete
racer driver turbo nitro speed speedy rapido rapidofurioso furioso fast fastfurious drift tuning engine motor
motocross moto bike bicycle bicicleta trustno trustnoone trustme trustno1 believe creer dream dreams dreamer sueño
sueños sueno suenos soñar fantasy finalfantasy fantasia imagine imagination mystery misterio mystic mistico
secretgarden paradise paraiso eden utopia atlantis olympus zeus apollo apolo athena atenea artemis hercules achilles
aquiles ulises odyssey ares hades poseidon medusa pandora cupido cupid eros aphrodite afrodita isis osiris anubis
horus odin freya valkyrie ragnarok arthur excalibur lancelot camelot guinevere napoleon caesar cesar alexander
cleopatra einstein newton galileo davinci leonardo picasso mozart beethoven bach shakespeare cervantes quijote
donquijote bolivar simonbolivar sanmartin cheguevara fidel zapata panchovilla american americano usa canada mexico
mexicana mexicano vivamexico argentina argentino colombia colombiana colombiano ecuador ecuatoriana ecuatoriano peru
peruana peruano perulindo chile chilena chileno vivachile bolivia boliviana venezuela venezolana venezolano uruguay
paraguay brasil brazil cuba cubana cubano dominicana puertorico boricua panama costarica guatemala honduras elsalvador
salvador nicaragua españa espana español espanol france francia french paris london londres england english ireland
irish scotland germany alemania berlin italy italia italiano roma rome portugal lisboa greece grecia russia rusia
moscow china japan japon tokyo korea india africa egypt egipto israel australia sydney newyork nyc brooklyn bronx
chicago boston texas dallas houston austin california losangeles hollywood sandiego sanfrancisco lasvegas vegas
florida miami orlando atlanta georgia denver colorado seattle detroit arizona hawaii alaska virginia carolina dakota
jersey philly quito guayaquil cuenca loja ambato manta esmeraldas galapagos lima cusco arequipa trujillo bogota
medellin cali barranquilla cartagena pereira caracas maracaibo santiago valparaiso concepcion buenosaires cordoba
rosario mendoza montevideo asuncion lapaz habana guadalajara tijuana cancun acapulco veracruz puebla bilbao zaragoza
malaga granada murcia alicante toledo salamanca andalucia galicia asturias canarias jose juan luis carlos jorge pedro
pablo miguel francisco paco pancho pepe antonio toño manuel rafael ramon roberto ricardo raul ruben sergio victor
vicente hector hugo ivan javier jaime joaquin joel jonathan julian marco marcos martin mateo matias mauricio nicolas
oscar omar rodrigo rodolfo samuel sebastian simon tomas walter wilson xavier andres alejandro alejo alex alberto
alfonso alfredo alvaro armando arturo adrian agustin benjamin bruno camilo christian cristian cristobal daniel dani
danny danilo dario david diego dieguito edgar edison eduardo edwin elias emilio emiliano ernesto esteban eugenio
fabian fabricio federico felipe felix fernando freddy gabriel gerardo german gilberto gonzalo guillermo gustavo henry
hernan ignacio ismael jairo jefferson jeremias johnny kevin lautaro leonel lorenzo lucas luciano marcelo maximiliano
maximo moises nelson nestor octavio osvaldo rene rolando romeo ronald saul tadeo thiago tobias uriel valentin wilmer
william yair zacarias santino bautista benicio gael iker leo liam noah dylan ana anita anamaria anabel andrea andreita
alejandra alejandrita alicia amanda amelia amparo angela angelina antonella antonia araceli ariana aurora barbara
beatriz belen berta blanca brenda briana camila camilita carla carlita carmen carmencita carito catalina catherine
cecilia celeste celia clara claudia constanza consuelo cristina cynthia daniela danielita dayana debora delia diana
dolores dora dulce dulcemaria elena elisa elizabeth eliana emilia emma erica erika ernestina estefania estela ester
esther eugenia eva evelyn fabiola fatima fernanda fernandita florencia francisca gabriela gabrielita gaby geraldine
giselle gladys graciela lupita helena heidi hilda ines ingrid irene irma isabel isabella isabela ivonne jacqueline
janeth jenny jennifer jessica jessenia johana josefina josefa juana juanita julia juliana julieta karen karina karla
karlita katherine kathy katia kelly laura laurita leidy leonor leticia lidia liliana lina lizbeth lola lolita lorena
loren lourdes lucero lucia luciana lucy luisa luisita luz luzmaria mabel magali magdalena maite manuela marcela
mariana marianita maribel maricela marina marisol marlene marta martha martina mayra melany melanie melissa mia
micaela michelle milagros mireya miriam monica moniquita montserrat nadia naomi narcisa natalia natalie nataly nathaly
nayeli nelly nicole noelia nora norma olga olivia paola pamela patricia patty paula paulina paulita pilar priscila
raquel rebeca regina renata rocio romina rosalia roxana ruth sabrina salome samantha sandra sara sarita silvana silvia
sofia sofi sonia soraya stefany stella susana susanita tamara tania tatiana teresa tere valentina valeria vale vanesa
vanessa veronica vero vicky viviana wendy ximena yadira yamile yanina yesenia yolanda yuliana zoe zoila zulema michael
mike mikey jess jessie joshua josh matt andrew andy robert bobby bob robbie thomas tommy tom anthony tony james jamie
jimmy jim willie will billy bill charles charlie chuck richard rick joseph joey joe george georgie christopher chris
christina christine tina steven stephen steve stevie brian bryan ryan jason justin brandon tyler nicholas nick nicky
john jonny jack jackie jake alexandra alexis alexa sammy sam ashley mandy stephanie steph nikki heather liz beth betty
lauren megan rachel rebecca becky danielle brittany tiffany courtney kimberly kim kelsey katie kate susan susie sandy
sharon nancy donna carol carolyn michele maggie margaret peggy molly emily hannah sarah grace chloe sophie sophia
abigail abby madison mackenzie taylor morgan savannah destiny angie tracy stacy stacey erin shannon bailey casey logan
connor cameron ethan aidan caleb nathan nathaniel zachary zach evan sean shawn shane patrick paddy peter pete phillip
philip paul ronnie donnie kenneth kenny gary larry jerry terry barry harold howard raymond ray roger russell rusty
scott scooter scotty stewart stuart spencer theodore timothy timmy tim travis trevor trent troy vincent vince wesley
wayne warren albert allen alan alfred benny ben bernard bruce bradley brad brett calvin carl clark clifford craig
curtis dave davey dennis derek derrick douglas doug duncan earl eddie eric erik eugene francis frank frankie frederick
fred freddie gerald gilbert glenn gordon graham grant greg gregory harvey herbert hugh isaac ian jeff jeffrey jeremy
jesse keith kurt lance lawrence lee leonard leslie lewis lloyd louis louise luke marcus mark marc marvin max maxwell
melvin mitchell morris neil norman oliver garcia rodriguez gonzalez gonzales fernandez lopez martinez sanchez perez
gomez jimenez ruiz hernandez diaz moreno muñoz munoz alvarez romero alonso gutierrez navarro dominguez vazquez vasquez
ramos gil ramirez serrano molina morales suarez ortega delgado castro ortiz rubio marin sanz iglesias medina garrido
cortes castillo lozano cano prieto mendez cruz herrera marquez cabrera campos vega fuentes carrasco caballero nieto
aguilar pascual herrero santana hidalgo gimenez ibañez ferrer duran benitez mora arias vargas carmona crespo roman
pastor soto saez velasco moya soler parra bravo gallardo rojas silva rivera espinoza espinosa zambrano salazar
cevallos macias intriago velez moreira alava loor chavez quispe mamani huaman condori smith johnson williams jones
miller davis anderson moore harris thompson robinson walker young wright abc123 jordan23 michael1 number1 numberone
uno onetwo onetwothree unodostres tres cuatro cinco seis siete ocho nueve diez cien mil nothing nada nadie nobody
anything something todo todos everything whatever loquesea nose nosequeponer noseque ningunos ninguna ninguno noname
unknown anonymous anonimo open opensesame abretesesamo sesame sesamo hello hellohello helloworld hola holahola
holamundo holaatodos adios chao ciao goodbye bye byebye buenosdias buenasnoches heyhey hey yes yesyes sisi nono okok
please porfavor thanks thankyou gracias graciasdios sorry perdon help ayuda cool coolman coolgirl cooldude awesome
amazing fantastic fabulous perfect perfecto perfecta excelente genial chevere bacano bacan chido padre increible funny
funtime crazy crazygirl loca loco locos loquita loquito locura insane lunatic psycho freak geek nerd dork stupid
estupido estupida idiot idiota dumb tonto tonta bobo boba feo fea ugly fat fatty skinny tiny little small big bigboy
biggirl bigdaddy bigmac bigdog daddy daddysgirl mommy babe baby babyboy babygirl babyblue babycakes sweet sweetheart
sweetie sweetpea sweety sweetness dulzura cutie cutiepie cute pretty prettygirl beautiful beauty bello belleza bonbon
sugarplum honeybunny pumpkin pumpkins calabaza peanut peanuts mani buttercup muffin muffins pickle pickles noodle
noodles nugget waffles pancake bacon buddy buster bubba baxter biscuit boomer brutus casper champ chance chester chico
chief cleo cody cooper copper cuddles diesel dixie dusty duke dutch fido fiona fluffy frisky gizmo gracie gunner holly
jasper kiki lady lassie lilly lulu maxine mika millie milo misty mittens moose muffy murphy nala nina oreo otis
patches peaches penny phoebe polly precious rascal rex riley rocco rosie roxy rudy rufus sable sadie sally samson
sasha sassy scout shasta sheba shelby smokey smoky snickers snowy sparky spike spot tanner tara theo thumper tinker
toby trixie trouble tucker whiskers willow winston wolfie woody yoyo ziggy zoey toto firulais manchas peluche peluchin
pelusa pelusita copito duque laika sultan tobi pulgas chispita access14 bigtime blaze blizzard bonanza booger boogie
bullet bullshit camping canon carbon cardinal cardinals carter center century charger charity cheers chipper chopper
classic cleveland clown clover comet compaq condor connect control contact cosmos cougar cougars coyote crimson
crusader custom cyclone dancer dance dancing darling defender delta deluxe denali desert digital director discovery
dodgers domino doodle dynamite dynasty eagle1 eclipse electric element elite emperor empire energy enigma enter
enterprise escape escort evolution excellent exodus explorer express extreme extremo fatboy fender ferret fighter
firebird flame flames flamingo flight flipper flying forest formula foster fountain foxtrot freebird frog froggy
frogger frontier gambit gambler garden gateway gemini general genius geronimo giant gibson glitter global gobears
goldfish gopher gorilla grandma grandpa graphics gravity greatone griffin guardian gunners hammer happy1 hardcore
hawkeye headshot heart hearts hellboy helpme hendrix highland highway hooters horizon hornet hornets hotrod huskers
iceman iguana illusion indian indiana infinite inferno inside intrepid italian jackal jackass jackpot jayhawks jazzy
jellybean jester jewels joyjoy jungle justme kimono kingdom kingfish knicks krypton kryptonite lacrosse ladybug lasers
lavender lesbian library lifetime limited lincoln lizard lobster longhorn loser lovebug machine maddog madness magnet
magnum majestic malibu mammoth maniac marathon marlboro maverick maximus meatball melody member memory memories
message meteor midway million minime miracle mission mistress mobile modern moment monopoly mystical natural nature
navigator nemesis nevada newlife newport newyear nextel nimbus nomad normal nuclear oblivion octopus offspring olympic
online orchid original oxford pacific packard paladin paradox passion patience patriot pebbles penguin pinguino
penguins people pepito percy phantom photo picture pioneer planet playtime pocket point polaris portal positive powers
prayer premier present preston priest prodigy professor project prophet proton prowler puppet puzzle pyramid quality
quantum quest quicksilver racecar radio raider rambler random raptor raven ravens reality redneck redskins reggie
renegade reptile rescue respect respeto revenge revolution rhapsody rhino rhythm robot robots rocket rockets rodeo
romance romantic rooster route66 royal royals runner rush2112 sailor saint saints sandman sausage savage scarlet
schatz scorpio scream seahawks season seminole senior sentinel serenity seven seventeen seventh shadow1 shalom shelter
shine shooter shopping silence sinner skeeter skipper skippy skyline slacker smoke smokes smooth smother sneakers
snicker snuggles soccer1 solution sonata southern spanish spanky spartan spartans special spectrum speedway spirit
spirits splash sports springs sprinter squirrel stalker standard stanley station steeler stinky stone storms stranger
street strike studio subway suckit summit sundance superb superfly superior support supreme surfer survivor swordfish
symphony tango tarheels tarzan taurus tazmania tempest theman theone thebest thebeast theking theboss thegame thejudge
therock therapy thunderbird thirteen titans tomcat topcat topgun tornado toronto tractor transam travel treasure
tesoro tesorito miltesoro trees tricky triumph trojan trojans trooper tropical trucks trumpet tulips turkey turner
twins twister tyrant ultimate umbrella unique valhalla valley vanguard velvet venture vertigo veteran viking vikings
vintage virgin virgo aries tauro geminis cancer libra escorpio sagitario capricornio acuario piscis vision volcano
volcan volley voodoo voyager vulcan wallace warlock warhammer warning watson weasel webmaster weekend welcome1 western
whisper whitney wildcat wildcats wildfire windmill window wisdom wolfpack wonder wonderful woodland wookie working
wrangler wrestler wyvern xanadu yankee yogibear zebra zenith zephyr zipper zodiac zorro
`
