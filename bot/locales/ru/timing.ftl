short-weekday-1 = пн
short-weekday-2 = вт
short-weekday-3 = ср
short-weekday-4 = чт
short-weekday-5 = пт
short-weekday-6 = сб
short-weekday-7 = вс
next-issue = Ближайший выпуск —
silently = (без звука)
times-title = Время выпусков{ $where }
times-chosen = Сейчас: { $times }.
times-hint = До { $most ->
    [one] { $most } раза
   *[other] { $most } раз
} в день. Можно и написать: «7:15 и 19:00», «по будням в 8».
times-hint-channel = До { $most ->
    [one] { $most } раза
   *[other] { $most } раз
} в день. Можно и написать ответом на это сообщение: «7:15 и 19:00», «по будням в 8».
times-daily = каждый день в { $times }
times-workdays = по будням в { $times }
times-weekend = по выходным в { $times }
times-some-days = { $days } в { $times }
times-weekly = раз в неделю — { $when }
times-none = выпусков нет
times-paused = на паузе
times-stopped = на паузе; после неё — { $times }
times-resting = пауза, снова { $until }
times-enough = Больше { $most ->
    [one] { $most } раза
   *[other] { $most } раз
} в день не получится. Сначала уберите одно время.
times-first = Больше { $most ->
    [one] { $most } раза
   *[other] { $most } раз
} в день не получится: беру { $most ->
    [one] первое время
   *[other] первые { $most }
}.
times-not-read = Не понял время «{ $text }». Пример: /time 8:00 и 19:30
times-rounded = Округлил до четверти часа: { $times }.
times-replaced = Это вместо прежнего: { $times }.
weekly-day = В какой день присылать выпуск за неделю?
weekly-hour = Во сколько { $day }?
instant-off = Сразу не присылаю ничего, всё — в выпусках
instant-breaking = Срочные новости — сразу
instant-every = Каждая новость — сразу
button-times-back = Вернуть прежнее время
button-every-day = Каждый день
button-workdays = Будни
button-weekly = Раз в неделю: { $when }
button-weekly-none = Раз в неделю: нет
button-weekly-off = Не присылать
button-instant-off = Срочное: выкл
button-instant-breaking = Срочное: вкл
button-instant-every = Сразу: каждую новость
button-quiet = Тихие часы: { $window }
button-zone = Часовой пояс: { $city }, сейчас { $clock }
zone-question = Который у вас час? Нажмите своё время или напишите город.
zone-question-channel = По каким часам выходят посты? Нажмите время, которое там сейчас.
zone-set = Понял: у вас сейчас { $clock }
zone-set-city = { $city }: там сейчас { $clock }
zone-city-ask = Какой у вас город? Напишите его в ответ на это сообщение.
zone-city-example = Например: Казань
zone-city-unknown = Города «{ $text }» я не знаю. Напишите ближайший большой или нажмите своё время.
zone-which-city = Какой из них? Нажмите свой.
zone-location-ask = Отправьте, где вы: я посмотрю, какой там час, и не сохраню место.
zone-nearest = Ближайший город — { $city }. Где вы, я уже забыл.
zone-no-location = Хорошо, без геопозиции.
zone-clock-right = У вас сейчас { $clock }?
zone-no-such-clock = Таких часов нигде нет. Лучше напишите город.
button-type-city = Ввести город
button-location = По геопозиции
button-share-location = Отправить геопозицию
button-no-location = Не отправлять
button-other-country = Другая страна
button-other-city = Другой город
button-russia = Россия
button-other-zone = У меня другое время
button-yes = Да
button-hour-later = +1 ч
button-hour-earlier = −1 ч
quiet-title = Тихие часы{ $where }
quiet-now = Не беспокою: { $window }.
quiet-off = никогда
quiet-hint = Выпуски в выбранное время приходят и тогда, но без звука. Срочное ждёт конца тихих часов или войдёт в ближайший выпуск.
quiet-hint-posts = Выпуски в выбранное время выходят и тогда, но без звука. Отдельные новости ждут конца тихих часов или войдут в ближайший выпуск.
quiet-from = С какого часа не беспокоить?
quiet-to = Не беспокоить с { $start }. До какого часа?
quiet-not-read = Не понял часы «{ $text }». Пример: /quiet 22-9 или /quiet выкл
quiet-same = «{ $text }» — это начало и конец в один и тот же час. Назовите два разных, например: с 22 до 7
button-quiet-set = Не беспокоить { $window }
button-quiet-own = Свои часы
button-quiet-off = Выкл
pause-title = Пауза{ $where }
pause-none = Паузы нет.
pause-question = На сколько приостановить? Потом всё, что накопится, придёт одним выпуском.
pause-until = Пауза кончится
pause-gathers = Всё, что накопится, придёт одним выпуском.
pause-stopped = Выпуски остановлены, пока вы их не возобновите.
pause-ended = Пауза снята.
pause-nothing = Выпуски и так не приходят: приостанавливать нечего. Включить — /time
pause-not-read = Не понял, на сколько: «{ $text }». Пример: /mute 3 дня, /mute до утра
pause-too-long = Дольше { $days ->
    [one] { $days } дня
   *[other] { $days } дней
} пауза не бывает. Совсем остановить выпуски — /stop
button-unpause = Снять паузу
button-pause-1h = 1 час
button-pause-1d = 1 день
button-pause-3d = 3 дня
button-pause-7d = 7 дней
button-pause-morning = До утра
button-pause-always = Пока не включу
when-date = { $day } в { $clock }
