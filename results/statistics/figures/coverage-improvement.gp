# Draws coverage-improvement.csv; run `gnuplot coverage-improvement.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.9214 left top vertical maxrows 2 Left reverse noenhanced samplen 2.2 width -0.1 textcolor rgb '#222222'
set tmargin at screen 0.8036
set rmargin at screen 0.952
set label 'Coverage of the probability of improvement, equal arms' at screen 0.02, screen 0.9571 left noenhanced font ',22'
set xrange [3.0:20.0]
set xtics ('4' 4.0, '6' 6.0, '8' 8.0, '10' 10.0, '12' 12.0, '14' 14.0, '16' 16.0, '18' 18.0, '20' 20.0)
set xlabel 'repetitions' noenhanced
set yrange [0.9265000000000001:1.0035]
set ytics ('0.93' 0.93, '0.94' 0.94, '0.95' 0.95, '0.96' 0.96, '0.97' 0.97, '0.98' 0.98, '0.99' 0.99, '1.00' 1.0)
set ylabel 'coverage of the 95 % interval' noenhanced
of(number, value) = (column(1) == number ? value : NaN)
bottom = 0.9265000000000001
top = 1.0035
inside(value) = (value < bottom ? bottom : value > top ? top : value)
set style fill solid 0.18 noborder

set terminal svg size 900,560 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'coverage-improvement.svg'
plot 'coverage-improvement.csv' skip 1 using (of(5, $2)):(inside($4)):(inside($5)) with filledcurves linecolor rgb '#e69f00' notitle, \
     '' skip 1 using (of(5, $2)):3 with lines linewidth 2.4 linecolor rgb '#e69f00' notitle, \
     '' skip 1 using (of(4, $2)):3 with lines linewidth 2.4 linecolor rgb '#cc79a7' notitle, \
     '' skip 1 using (of(3, $2)):3 with lines linewidth 2.4 linecolor rgb '#009e73' notitle, \
     '' skip 1 using (of(2, $2)):3 with lines linewidth 2.4 linecolor rgb '#d55e00' notitle, \
     '' skip 1 using (of(1, $2)):3 with lines linewidth 2.4 linecolor rgb '#0072b2' notitle, \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#0072b2' title 'normal', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#d55e00' title 'exponential', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#009e73' title 'log-normal', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#cc79a7' title 'Student-3', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#e69f00' title '95.0 %', \
     '' skip 1 using (NaN):(NaN):(NaN) with filledcurves linecolor rgb '#444444' title '93 to 97 %'

set terminal pngcairo size 900,560 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'coverage-improvement.png'
replot
set output
